package org.imagediet.grading;

/** What a check needs is not there, because another check's answer is wrong. */
public final class FailedEarlier extends RuntimeException {

  private final String check;
  private final transient Verdict verdict;

  /**
   * Names the root cause.
   *
   * @param check the id of the check that judges it
   * @param verdict what that check says
   */
  public FailedEarlier(String check, Verdict verdict) {
    super(check + ": " + verdict.measured());
    this.check = check;
    this.verdict = verdict;
  }

  /** Returns the id of the check that judges the root cause. */
  public String check() {
    return check;
  }

  /** Returns what that check says. */
  public Verdict verdict() {
    return verdict;
  }
}
