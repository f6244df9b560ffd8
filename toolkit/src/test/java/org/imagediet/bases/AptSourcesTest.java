package org.imagediet.bases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.imagediet.engine.EnvironmentException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourcesTest {

  @TempDir Path apt;

  @Test
  @DisplayName("reads deb822 sources")
  void deb822() throws IOException {
    Path parts = Files.createDirectories(apt.resolve("sources.list.d"));
    Files.writeString(
        parts.resolve("debian.sources"),
        """
        # URIs: http://commented.example/debian
        Types: deb-src
        URIs: http://source.example/debian
        Suites: bookworm

        Types: deb
        Enabled: no
        URIs: http://disabled.example/debian
        Suites: bookworm

        Types: deb deb-src
        URIs: http://mirror.example/debian
        Suites: bookworm bookworm-updates
        Components: main

        Types: deb
        URIs: http://mirror.example/debian-security
        Suites: bookworm-security
        """);
    assertThat(AptSources.of(apt))
        .isEqualTo(
            new AptSources(
                "http://mirror.example/debian",
                Optional.of("http://mirror.example/debian-security")));
  }

  @Test
  @DisplayName("reads one-line sources")
  void oneLine() throws IOException {
    Files.writeString(
        apt.resolve("sources.list"),
        """
        # deb http://commented.example/debian bookworm main
        deb-src http://source.example/debian bookworm main
        deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib
        """);
    AptSources sources = AptSources.of(apt);
    assertThat(sources).isEqualTo(new AptSources("http://mirror.example/debian", Optional.empty()));
    assertThat(sources.lines("trixie"))
        .containsExactly(
            "deb http://mirror.example/debian trixie main",
            "deb http://mirror.example/debian trixie-updates main");
  }

  @Test
  @DisplayName("says what to do where there is no Debian mirror")
  void none() {
    assertThatThrownBy(() -> AptSources.of(apt))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("THREE_IMAGE_DIET_DEBIAN_MIRROR")
        .hasMessageContaining("./lab bases load");
  }
}
