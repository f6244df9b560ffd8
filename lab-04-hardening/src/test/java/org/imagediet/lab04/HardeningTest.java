package org.imagediet.lab04;

import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.checks.Drills;
import org.imagediet.grading.checks.Hardening;
import org.imagediet.grading.checks.Programs;
import org.imagediet.grading.checks.Scans;
import org.imagediet.grading.checks.Secrets;
import org.imagediet.grading.checks.Surfaces;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** Grades lab 04. What each check expects and why stands in {@code rubric.yaml}. */
@Lab("lab-04-hardening")
record HardeningTest(Judge judge) {

  @Check("builds")
  void builds() {
    judge.decide(bench -> Verdict.pass("it builds: " + bench.image().id()));
  }

  @Check("serves")
  void serves() {
    judge.decide(Hardening::serves);
  }

  @Check("scan")
  void scan() {
    judge.decide(Scans::compared);
  }

  @Check("triage")
  void triage() {
    judge.decide(Scans::triaged);
  }

  @Check("surface")
  void surface() {
    judge.decide(Surfaces::ranked);
  }

  @Check("drill")
  void drill() {
    judge.decide(Drills::predicted);
  }

  @Check("nonroot-uid")
  void nonrootUid() {
    judge.decide(Hardening::nonrootUid);
  }

  @Check("no-shell")
  void noShell() {
    judge.decide(Programs::noShell);
  }

  @Check("no-setuid")
  void noSetuid() {
    judge.decide(Hardening::noSetuid);
  }

  @Check("no-secrets")
  void noSecrets() {
    judge.decide(Secrets::noSecrets);
  }

  @Check("read-only-rootfs")
  void readOnlyRootfs() {
    judge.decide(Hardening::readOnlyRootfs);
  }

  @Check("no-capabilities")
  void noCapabilities() {
    judge.decide(Hardening::noCapabilities);
  }

  @Check("no-new-privileges")
  void noNewPrivileges() {
    judge.decide(Hardening::noNewPrivileges);
  }

  @Check("limits")
  void limits() {
    judge.decide(bench -> Hardening.limits(bench, judge.check().bands()));
  }

  @Check("healthcheck")
  void healthcheck() {
    judge.decide(Hardening::healthcheck);
  }

  @Check("graceful-stop")
  void gracefulStop() {
    judge.decide(Hardening::gracefulStop);
  }
}
