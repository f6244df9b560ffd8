package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.imagediet.EngineUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostileContainerIT {

  private static final String BUSYBOX = "gcr.io/distroless/static-debian13:debug";

  @Test
  @DisplayName("a log without an end takes one megabyte of the engine's disk")
  void log() throws IOException {
    try (Engine engine = EngineUnderTest.withBases(BUSYBOX);
        Container container =
            engine.create(
                ContainerSpec.image(BUSYBOX)
                    .entrypoint("/busybox/sh", "-c", "yes log | head -c 500000")
                    .build())) {
      assertThat(container.start()).isEmpty();
      assertThat(container.await(Duration.ofSeconds(60))).hasValue(0);
      Path log =
          Path.of(
              ((DockerEngine) engine)
                  .client()
                  .inspectContainerCmd(container.id())
                  .exec()
                  .getLogPath());
      assumeTrue(Files.isReadable(log), "the engine's disk cannot be seen");
      assertThat(Files.size(log)).isBetween(1L, 1_100_000L);
      assertThat(container.log()).hasSizeBetween(200, 16 << 10);
    }
  }

  @Test
  @DisplayName("one whose network is disabled has no way out, and no file of the engine's for one")
  void networkDisabled() {
    try (Engine engine = EngineUnderTest.withBases(BUSYBOX);
        Container container =
            engine.create(
                ContainerSpec.image(BUSYBOX)
                    .entrypoint(
                        "/busybox/sh",
                        "-c",
                        "grep /etc/hosts /proc/mounts; tail -n +3 /proc/net/dev;"
                            + " /busybox/wget -T 5 -O- http://192.0.2.1/")
                    .networkDisabled()
                    .build())) {
      assertThat(container.start()).isEmpty();
      assertThat(container.await(Duration.ofSeconds(60))).isPresent();
      assertThat(container.log().lines())
          .noneMatch(line -> line.contains("/etc/hosts") || line.contains("eth0"))
          .anyMatch(line -> line.strip().startsWith("lo:"))
          .anyMatch(line -> line.contains("Network is unreachable"));
    }
  }
}
