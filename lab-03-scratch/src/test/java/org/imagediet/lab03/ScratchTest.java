package org.imagediet.lab03;

import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.checks.BaseImages;
import org.imagediet.grading.checks.Binaries;
import org.imagediet.grading.checks.Predictions;
import org.imagediet.grading.checks.Programs;
import org.imagediet.grading.checks.Running;
import org.imagediet.grading.checks.TestStage;
import org.imagediet.grading.checks.Tls;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** Grades lab 03. What each check expects and why stands in {@code rubric.yaml}. */
@Lab("lab-03-scratch")
record ScratchTest(Judge judge) {

  @Check("builds")
  void builds() {
    judge.decide(bench -> Verdict.pass("it builds: " + bench.image().id()));
  }

  @Check("serves")
  void serves() {
    judge.decide(Running::serves);
  }

  @Check("test-stage-gates")
  void testStageGates() {
    judge.decide(TestStage::gates);
  }

  @Check("from-scratch")
  void fromScratch() {
    judge.decide(BaseImages::scratch);
  }

  @Check("static-binary")
  void staticBinary() {
    judge.decide(Binaries::selfContained);
  }

  @Check("nonroot-uid")
  void nonrootUid() {
    judge.decide(Running::nonrootUid);
  }

  @Check("no-shell")
  void noShell() {
    judge.decide(Programs::noShell);
  }

  @Check("ca-bundle")
  void caBundle() {
    judge.decide(Tls::caBundle);
  }

  @Check("tls-verifies")
  void tlsVerifies() {
    judge.decide(Tls::verifies);
  }

  @Check("tls-rejects")
  void tlsRejects() {
    judge.decide(Tls::rejects);
  }

  @Check("timezone")
  void timezone() {
    judge.decide(Running::timezone);
  }

  @Check("temp-dir")
  void tempDir() {
    judge.decide(Running::tempDir);
  }

  @Check("size")
  void size() {
    judge.decide(bench -> Binaries.size(bench, judge.check().bands()));
  }

  @Check("tradeoffs")
  void tradeoffs() {
    judge.decide(Predictions::tradeoffs);
  }
}
