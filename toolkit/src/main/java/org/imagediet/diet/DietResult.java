package org.imagediet.diet;

import java.util.List;

/**
 * Everything one diet measured.
 *
 * @param standIns the names of the base images that stand-ins were used for
 * @param engine the engine in one line
 * @param leftOut what could not be built here, and why
 */
public record DietResult(
    List<String> standIns, String engine, List<Measurement> measurements, List<String> leftOut) {}
