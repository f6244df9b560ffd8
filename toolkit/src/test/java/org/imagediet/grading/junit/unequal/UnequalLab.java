package org.imagediet.grading.junit.unequal;

import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** A lab for tests whose rubric is at fault. */
@Lab("lab-00-unequal")
record UnequalLab(Judge judge) {

  @Check("first")
  void first() {
    judge.decide(bench -> Verdict.pass("fine"));
  }
}
