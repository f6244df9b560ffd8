package org.imagediet.lab01;

import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.checks.Answers;
import org.imagediet.grading.checks.BaseImages;
import org.imagediet.grading.checks.Programs;
import org.imagediet.grading.checks.Running;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** Grades lab 01. What each check expects and why stands in {@code rubric.yaml}. */
@Lab("lab-01-naive")
record NaiveTest(Judge judge) {

  @Check("builds")
  void builds() {
    judge.decide(bench -> Verdict.pass("it builds: " + bench.image().id()));
  }

  @Check("serves")
  void serves() {
    judge.decide(Running::serves);
  }

  @Check("ubuntu-base")
  void ubuntuBase() {
    judge.decide(BaseImages::ubuntu);
  }

  @Check("inline-build")
  void inlineBuild() {
    judge.decide(Programs::builderInside);
  }

  @Check("measured")
  void measured() {
    judge.decide(Answers::naive);
  }
}
