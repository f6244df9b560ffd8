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
}
