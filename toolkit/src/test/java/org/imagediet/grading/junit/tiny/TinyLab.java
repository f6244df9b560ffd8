package org.imagediet.grading.junit.tiny;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench;
import org.imagediet.grading.FailedEarlier;
import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** A lab for tests: each check does what the submission's {@code answers.yaml} says of it. */
@Lab("lab-00-tiny")
record TinyLab(Judge judge) {

  // Not in the rubric's order.
  @Check("last")
  void last() {
    judge.decide(bench -> act(bench, "last"));
  }

  @Check("second")
  void second() {
    judge.decide(bench -> act(bench, "second"));
  }

  @Check("go-only")
  void goOnly() {
    judge.decide(bench -> act(bench, "go-only"));
  }

  @Check("first")
  void first() {
    judge.decide(bench -> act(bench, "first"));
  }

  private static Verdict act(Bench bench, String check) {
    String act;
    try {
      act = bench.submission().answers().path(check).asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    switch (act) {
      case "fail" -> {
        return Verdict.fail("\u001b[31m::error::rotten", "Dig.");
      }
      case "cause" -> throw new FailedEarlier("first", Verdict.fail("rotten roots", "Dig."));
      case "machine" -> throw new EnvironmentException("No power.");
      case "bug" -> throw new IllegalStateException("a bug");
      case "deep" -> {
        return Verdict.pass("" + deeper(0));
      }
      case "exit" -> System.exit(7);
      case "kill" -> Runtime.getRuntime().halt(7);
      case "engine" -> {
        return Verdict.pass(bench.laboratory().engine().address().toString());
      }
      default -> {}
    }
    return Verdict.pass(act);
  }

  private static int deeper(int depth) {
    return deeper(depth + 1) + 1;
  }
}
