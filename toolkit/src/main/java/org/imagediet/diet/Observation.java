package org.imagediet.diet;

/**
 * Whether something worked, and what was seen.
 *
 * @param evidence one line; what comes from the image is still to be cleaned for printing
 */
public record Observation(boolean works, String evidence) {

  static Observation works(String evidence) {
    return new Observation(true, evidence);
  }

  static Observation fails(String evidence) {
    return new Observation(false, evidence);
  }
}
