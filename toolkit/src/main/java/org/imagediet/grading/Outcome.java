package org.imagediet.grading;

/** How a check ended. */
public enum Outcome {
  /** The answer is right. */
  PASS,
  /** The answer is wrong. */
  FAIL,
  /** An earlier failure made it unreachable: one root cause, and no points here. */
  BLOCKED,
  /** The machine is at fault, so nothing was judged. */
  ENV_ERROR,
  /** It does not apply to this track or to this kind of submission; its points do not count. */
  NA,
  /** Nobody has decided yet. */
  NOT_RUN
}
