package org.imagediet.diet;

import java.util.List;

/**
 * Everything one diet measured.
 *
 * @param own whether these are somebody's own images, as in a handout, and not the solutions'
 * @param standIns the names of the base images that stand-ins were used for
 * @param engine the engine in one line
 * @param leftOut what could not be built here, and why
 * @param failed which images do not build or do not answer, and why, a sentence each
 */
public record DietResult(
    boolean own,
    List<String> standIns,
    String engine,
    List<Measurement> measurements,
    List<String> leftOut,
    List<String> failed) {}
