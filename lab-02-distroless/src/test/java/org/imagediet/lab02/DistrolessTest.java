package org.imagediet.lab02;

import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.checks.Answers;
import org.imagediet.grading.checks.BaseImages;
import org.imagediet.grading.checks.Binaries;
import org.imagediet.grading.checks.DebugTarget;
import org.imagediet.grading.checks.Programs;
import org.imagediet.grading.checks.Running;
import org.imagediet.grading.checks.SmallestVariant;
import org.imagediet.grading.checks.TestStage;
import org.imagediet.grading.checks.Tls;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** Grades lab 02. What each check expects and why stands in {@code rubric.yaml}. */
@Lab("lab-02-distroless")
record DistrolessTest(Judge judge) {

  @Check("builds")
  void builds() {
    judge.decide(bench -> Verdict.pass("it builds: " + bench.image().id()));
  }

  @Check("serves")
  void serves() {
    judge.decide(Running::serves);
  }

  @Check("stages")
  void stages() {
    judge.decide(Programs::noSources);
  }

  @Check("test-stage-gates")
  void testStageGates() {
    judge.decide(TestStage::gates);
  }

  @Check("distroless-base")
  void distrolessBase() {
    judge.decide(BaseImages::distroless);
  }

  @Check("smallest-variant")
  void smallestVariant() {
    judge.decide(SmallestVariant::chosen);
  }

  @Check("nonroot-uid")
  void nonrootUid() {
    judge.decide(Running::nonrootUid);
  }

  @Check("no-shell")
  void noShell() {
    judge.decide(Programs::noShell);
  }

  @Check("no-package-manager")
  void noPackageManager() {
    judge.decide(Programs::noPackageManager);
  }

  @Check("no-toolchain")
  void noToolchain() {
    judge.decide(Programs::noToolchain);
  }

  @Check("lean-binary")
  void leanBinary() {
    judge.decide(Binaries::lean);
  }

  @Check("size")
  void size() {
    judge.decide(bench -> Binaries.size(bench, judge.check().bands()));
  }

  @Check("tls-verifies")
  void tlsVerifies() {
    judge.decide(Tls::verifies);
  }

  @Check("tls-rejects")
  void tlsRejects() {
    judge.decide(Tls::rejects);
  }

  @Check("debug-target")
  void debugTarget() {
    judge.decide(DebugTarget::works);
  }

  @Check("measured")
  void measured() {
    judge.decide(Answers::distroless);
  }
}
