package org.imagediet.grading.junit.broken;

import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** A lab for tests whose rubric is at fault. */
@Lab("lab-00-broken")
record BrokenLab(Judge judge) {

  @Check("first")
  void first() {
    judge.decide(bench -> Verdict.pass("fine"));
  }
}
