package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.imagediet.EngineUnderTest;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.Leftovers;
import org.imagediet.probe.Probe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Isolated("looks at what a killed process leaves, which any other connection to the engine removes")
class KilledRunIT {

  private static final String BUSYBOX = "gcr.io/distroless/static-debian13:debug";

  /** Answers that it is well, and nothing else. */
  private static final String SERVICE =
      """
      FROM %s
      ENTRYPOINT ["/busybox/busybox", "nc", "-ll", "-p", "8080", "-e", "/busybox/sh", "-c", \
      "read method path rest; while read header && [ ${#header} -gt 1 ]; do :; done; case $path in /healthz) printf 'HTTP/1.0 200 OK\\\\r\\\\n\\\\r\\\\nok';; \
      *) sleep %s;; esac"]
      """;

  private static final String ENDLESS =
      """
      FROM %s
      SHELL ["/busybox/sh", "-c"]
      RUN sleep %s
      """;

  /** When a grading is killed. */
  enum Moment {
    BUILD(ENDLESS),
    PROBE(SERVICE),
    RUN(SERVICE);

    private final String dockerfile;

    Moment(String dockerfile) {
      this.dockerfile = dockerfile;
    }
  }

  /** A number that no other process on this machine has among its arguments. */
  private final String mark = "4" + ThreadLocalRandom.current().nextInt(10_000_000, 99_999_999);

  @TempDir private Path submission;

  @BeforeAll
  static void local() {
    try (Engine engine = EngineUnderTest.withBases(BUSYBOX, Probe.BASE)) {
      assumeTrue(engine.localStorage().isPresent(), "the engine's processes cannot be seen");
    }
  }

  private Process begin(Moment moment) throws IOException, InterruptedException {
    Files.writeString(submission.resolve("Dockerfile"), moment.dockerfile.formatted(BUSYBOX, mark));
    Process grading =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledRun.class.getName(),
                submission.toString())
            .redirectErrorStream(true)
            .redirectOutput(submission.resolve("log").toFile())
            .start();
    boolean reached =
        within(
            Duration.ofSeconds(60),
            () ->
                !grading.isAlive()
                    || (moment == Moment.PROBE
                        ? !Leftovers.containers(grading.pid()).isEmpty()
                        : !Leftovers.processes(mark).isEmpty() && sleeping()));
    assertThat(reached && grading.isAlive())
        .as(Files.readString(submission.resolve("log")))
        .isTrue();
    return grading;
  }

  private boolean sleeping() {
    return Leftovers.processes(mark).stream().anyMatch(line -> line.equals("[" + mark + "]"));
  }

  private static boolean within(Duration time, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.sleep(50);
    }
    return false;
  }

  @ParameterizedTest
  @EnumSource(names = {"BUILD", "RUN"})
  @DisplayName("asked to end, a grading leaves nothing behind")
  void terminated(Moment moment) throws IOException, InterruptedException {
    Process grading = begin(moment);
    grading.destroy();
    assertThat(grading.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Leftovers.of(grading.pid())).isEmpty();
    assertThat(within(Duration.ofSeconds(10), () -> !sleeping())).isTrue();
    assertThat(Leftovers.processes(mark)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("killed, a grading's build ends with it, and the next one removes the rest")
  void killed(Moment moment) throws IOException, InterruptedException {
    Process grading = begin(moment);
    grading.destroyForcibly();
    assertThat(grading.waitFor(10, TimeUnit.SECONDS)).isTrue();
    if (moment == Moment.BUILD) {
      assertThat(within(Duration.ofSeconds(15), () -> Leftovers.processes(mark).isEmpty()))
          .as("%s", Leftovers.processes(mark))
          .isTrue();
    }
    assertThat(Leftovers.of(grading.pid())).isNotEmpty();
    Engines.connect().close();
    assertThat(Leftovers.of(grading.pid())).isEmpty();
    assertThat(within(Duration.ofSeconds(10), () -> Leftovers.processes(mark).isEmpty())).isTrue();
  }
}
