package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DockerEngineTest {

  @TempDir private Path folder;

  @Test
  @Timeout(20)
  @DisplayName("an engine that takes the connection and then says nothing is given up")
  void silent() throws IOException {
    URI address = EngineLocator.socket(folder.resolve("engine.sock"));
    try (var server = SocketServer.saying(Path.of(address.getPath()), "")) {
      assertThatThrownBy(() -> DockerEngine.connect(address, Duration.ofSeconds(1)))
          .isInstanceOf(EnvironmentException.class)
          .hasMessage("The engine at " + address + " does not answer: it is silent for 1 s.");
    }
  }
}
