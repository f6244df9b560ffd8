package org.imagediet.lab05;

import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.checks.SizeGate;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** Grades lab 05. What each check expects and why stands in {@code rubric.yaml}. */
@Lab("lab-05-ci-budget")
record CiBudgetTest(Judge judge) {

  @Check("builds")
  void builds() {
    judge.decide(bench -> Verdict.pass("it builds: " + bench.image().id()));
  }

  @Check("baseline")
  void baseline() {
    judge.decide(SizeGate::baseline);
  }

  @Check("workflow")
  void workflow() {
    judge.decide(SizeGate::workflow);
  }

  @Check("gate-passes-unchanged")
  void gatePassesUnchanged() {
    judge.decide(SizeGate::passesUnchanged);
  }

  @Check("gate-passes-small-growth")
  void gatePassesSmallGrowth() {
    judge.decide(SizeGate::passesSmallGrowth);
  }

  @Check("gate-fails-growth")
  void gateFailsGrowth() {
    judge.decide(SizeGate::failsGrowth);
  }

  @Check("gate-names-culprit")
  void gateNamesCulprit() {
    judge.decide(SizeGate::namesCulprit);
  }

  @Check("gate-needs-baseline")
  void gateNeedsBaseline() {
    judge.decide(SizeGate::needsBaseline);
  }

  @Check("deliberate-growth")
  void deliberateGrowth() {
    judge.decide(SizeGate::deliberateGrowth);
  }
}
