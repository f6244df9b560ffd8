package org.imagediet.observation;

/**
 * Whether something worked, and what was seen.
 *
 * @param evidence one line; what comes from the image is still to be cleaned for printing
 */
public record Observation(boolean works, String evidence) {

  /** It works, and this shows it. */
  public static Observation works(String evidence) {
    return new Observation(true, evidence);
  }

  /** It does not work, and this shows it. */
  public static Observation fails(String evidence) {
    return new Observation(false, evidence);
  }
}
