package org.imagediet.grading.checks;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.probe.Probe;

/** A stage {@code debug} for one look inside: the same service beside a shell. */
public final class DebugTarget {

  private static final String STAGE = "debug";
  private static final int PORT = 8080;
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration EXECUTION = Duration.ofSeconds(10);

  /** Where a debug image may keep its shell, if not on its PATH. */
  private static final List<String> SHELLS = List.of("sh", "/busybox/sh", "/bin/sh");

  private DebugTarget() {}

  /** The stage exists, its image serves, and a shell in it works out a sum. */
  public static Verdict works(Bench bench) {
    if (bench.dockerfile().stage(STAGE).isEmpty()) {
      return Verdict.fail(
          "the Dockerfile has no stage named debug",
          "Which variant of the base image would you start for a look inside?");
    }
    bench.release();
    Bench.Built built = bench.build(Optional.of(STAGE), context -> {}, line -> {});
    if (!built.succeeded()) {
      return Verdict.fail(
          "the stage debug does not build: " + built.problem(), "Does it build alone?");
    }
    Probe probe = bench.laboratory().probe();
    try (Container container = probe.create(ContainerSpec.image(built.name()))) {
      Optional<String> problem = container.start();
      if (problem.isEmpty()) {
        problem = probe.awaitOk(container, PORT, "/healthz", START);
      }
      if (problem.isPresent()) {
        return Verdict.fail(
            "the debug image does not serve: " + problem.get(),
            "Does it start what the release starts?");
      }
      int a = 100 + new SecureRandom().nextInt(900);
      int b = 100 + new SecureRandom().nextInt(900);
      String said = "";
      for (String shell : SHELLS) {
        Container.Executed executed =
            container.execute(List.of(shell, "-c", "echo $((" + a + "*" + b + "))"), EXECUTION);
        if (executed.output().strip().equals(Integer.toString(a * b))) {
          return Verdict.pass("the debug image serves, and " + shell + " works inside it");
        }
        said = said.isEmpty() ? executed.output().strip() : said;
      }
      return Verdict.fail(
          "the debug image serves, but no shell answers in it: " + said,
          "Which variant of the base image brings a busybox?");
    }
  }
}
