package org.imagediet.diet;

import java.util.ArrayList;
import java.util.List;
import org.imagediet.report.Clean;

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
    List<String> failed) {

  /** Returns what has to be said beside every table of it, a sentence each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (own) {
      notes.add("Measured: your own images, since a handout has no solutions.");
    }
    notes.add("Engine: " + engine + ".");
    if (!standIns.isEmpty()) {
      notes.add(
          "Measured on stand-ins made from Debian packages, not on the published images: "
              + String.join(", ", standIns)
              + ".");
    }
    leftOut.forEach(left -> notes.add("Left out: " + left));
    failed.forEach(one -> notes.add("Not measured: " + Clean.line(one)));
    return notes;
  }
}
