package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.EngineUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassicBuilderIT {

  private static final String NAME = "three-image-diet/classic-it:1";

  @TempDir private Path folder;

  /** Something without network to run a step in. */
  private static final String BUSYBOX = "gcr.io/distroless/static-debian13:debug-nonroot";

  @Test
  @DisplayName("a Dockerfile that needs BuildKit is the machine's fault, not its author's")
  void needsBuildKit() throws IOException {
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM scratch\nRUN --mount=type=secret,id=build_token [\"/app\"]\n");
    try (Engine engine = Engines.connect()) {
      ClassicBuilder builder = new ClassicBuilder(engine);
      assertThat(builder.takesSecrets()).isFalse();
      assertThatThrownBy(() -> builder.build(BuildRequest.of(folder, NAME), line -> {}))
          .isInstanceOf(EnvironmentException.class)
          .hasMessageContaining("needs BuildKit");
    }
  }

  @Test
  @DisplayName("a step that only says so is its author's own")
  void saysSo() throws IOException {
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM "
            + BUSYBOX
            + "\nRUN [\"/busybox/sh\", \"-c\", \"echo the --mount option requires BuildKit.; exit 1\"]\n");
    try (Engine engine = EngineUnderTest.withBases(BUSYBOX)) {
      BuildResult result =
          new ClassicBuilder(engine).build(BuildRequest.of(folder, NAME), line -> {});
      assertThat(result.succeeded()).isFalse();
      assertThat(result.lastLines()).anyMatch(line -> line.contains("requires BuildKit"));
    }
  }
}
