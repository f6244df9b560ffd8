package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.imagediet.bases.FakeEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeatingBuilderTest {

  private static final String NAME = "three-image-diet/repeating:1";

  /** What Docker 20.10 says. */
  private static final String GONE =
      "failed to get digest sha256:" + "0a".repeat(32) + ": open /x/y: no such file or directory";

  @TempDir private Path folder;

  private final FakeEngine engine = new FakeEngine();

  @BeforeEach
  void image() {
    engine.images.put(NAME, "sha256:1");
  }

  /** Builds with a command line that does something else at its first build. */
  private BuildResult build(String first, String later) throws IOException {
    Path client = folder.resolve("docker");
    Files.writeString(
        client,
        """
        #!/bin/sh
        [ "$1" = build ] || exit 0
        echo x >> %s
        if [ $(wc -l < %1$s) = 1 ]; then
        %s
        else
        %s
        fi
        """
            .formatted(folder.resolve("asked"), first, later));
    Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rwx------"));
    return new RepeatingBuilder(BuildKit.of(client.toString(), engine).orElseThrow())
        .build(BuildRequest.of(folder, NAME), line -> {});
  }

  private void assertBuilds(int times) {
    assertThat(folder.resolve("asked")).hasContent("x\n".repeat(times));
  }

  @Test
  @DisplayName("an image that went while it got its name is built again")
  void again() throws IOException {
    assertThat(build("echo '#13 DONE 0.0s'; echo '" + GONE + "' >&2; exit 1", "exit 0").imageId())
        .contains("sha256:1");
    assertBuilds(2);
  }

  @Test
  @DisplayName("so it is where a newer command line says it")
  void newer() throws IOException {
    String words = "ERROR: failed to solve: failed to export image: " + GONE;
    assertThat(build("echo '" + words + "' >&2; exit 1", "exit 0").succeeded()).isTrue();
    assertBuilds(2);
  }

  @Test
  @DisplayName("an image that is never there is the machine's fault, and not asked for endlessly")
  void never() {
    engine.images.clear();
    assertThatThrownBy(() -> build("exit 0", "exit 0"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContainingAll(NAME, "was not in the engine");
    assertBuilds(3);
  }

  @Test
  @DisplayName("the last word of a build that was stopped may be a step's, and counts for nothing")
  void stopped() {
    BuildResult result =
        Builders.ended(
            engine,
            BuildRequest.of(folder, NAME),
            false,
            Optional.of("it did not end within 600 s"),
            List.of(GONE));
    assertThat(result.removed()).isFalse();
    assertThat(result.stopped()).isPresent();
  }

  @Test
  @DisplayName("a build that fails is its author's, whatever a step of it prints")
  void fails() throws IOException {
    BuildResult result = build("echo '#7 0.312 " + GONE + "'; exit 1", "exit 0");
    assertThat(result.succeeded()).isFalse();
    assertThat(result.removed()).isFalse();
    assertBuilds(1);
  }
}
