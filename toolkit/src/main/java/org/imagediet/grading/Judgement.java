package org.imagediet.grading;

/** Decides one check by what is on the bench. */
@FunctionalInterface
public interface Judgement {

  /**
   * Decides.
   *
   * @throws FailedEarlier when what it needs is broken by another check's failure
   * @throws org.imagediet.engine.EnvironmentException when the machine lacks something
   */
  Verdict of(Bench bench);
}
