package org.imagediet.grading;

/**
 * What a check has decided.
 *
 * @param outcome PASS, FAIL or NA
 * @param measured what was seen; may have several lines, and text of the submission, not yet
 *     cleaned
 * @param next where a student may look next, never the answer; empty unless it failed
 */
public record Verdict(Outcome outcome, String measured, String next) {

  /** It is right, as this shows. */
  public static Verdict pass(String measured) {
    return new Verdict(Outcome.PASS, measured, "");
  }

  /** It is wrong, as this shows. */
  public static Verdict fail(String measured, String next) {
    return new Verdict(Outcome.FAIL, measured, next);
  }

  /** It does not apply, for this reason. */
  public static Verdict notApplicable(String reason) {
    return new Verdict(Outcome.NA, reason, "");
  }
}
