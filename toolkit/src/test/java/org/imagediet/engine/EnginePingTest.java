package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.imagediet.engine.EnginePing.Answer;
import org.imagediet.engine.EnginePing.Problem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("measures time")
class EnginePingTest {

  private static final Duration DEADLINE = Duration.ofSeconds(3);

  @TempDir private Path folder;

  private static Answer ask(URI address) {
    return new EnginePing(DEADLINE, Optional.empty()).ask(address);
  }

  private URI address() {
    return EngineLocator.socket(folder.resolve("an engine.sock"));
  }

  private Path path() {
    return Path.of(address().getPath());
  }

  @Test
  @DisplayName("an engine answers, also from a path with a space in it")
  void engine() throws IOException {
    try (var server = SocketServer.engine(path())) {
      assertThat(ask(address())).isEqualTo(new Answer(address(), Optional.empty(), ""));
    }
  }

  @Test
  @DisplayName("where no socket is, none is said to be")
  void absent() {
    Answer answer = ask(address());
    assertThat(answer.problem()).contains(Problem.ABSENT);
    assertThat(answer.free()).isTrue();
  }

  @Test
  @DisplayName("a socket that a dead process left is told from none")
  void stale() throws IOException {
    SocketServer.stale(path());
    Answer answer = ask(address());
    assertThat(answer.problem()).contains(Problem.REFUSED);
    assertThat(answer.free()).isTrue();
    assertThat(answer.sentence()).isEqualTo("no process listens on that socket any more");
  }

  @Test
  @DisplayName("what accepts and never answers costs no more than the deadline")
  void silent() throws IOException {
    try (var server = SocketServer.saying(path(), "")) {
      long start = System.nanoTime();
      Answer answer = ask(address());
      assertThat(answer.problem()).contains(Problem.SILENT);
      assertThat(answer.free()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(3));
    }
  }

  @Test
  @DisplayName("what answers something else is no engine, at once, and cannot steer the terminal")
  void garbage() throws IOException {
    try (var server = SocketServer.saying(path(), "SSH-2.0\u001b[31m\r\n")) {
      Answer answer = ask(address());
      assertThat(answer.problem()).contains(Problem.STRANGE);
      assertThat(answer.sentence())
          .isEqualTo("what answers there is no container engine (it says \"SSH-2.0?[31m\")");
    }
  }

  @Test
  @DisplayName("an engine that wants TLS is recognised by its complaint")
  void wantsTls() {
    Answer answer =
        EnginePing.judged(
            URI.create("tcp://host:2376"),
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.");
    assertThat(answer.problem()).contains(Problem.STRANGE);
    assertThat(answer.sentence()).contains("DOCKER_TLS_VERIFY=1").contains("DOCKER_CERT_PATH");
  }

  @Test
  @DisplayName("a refusal by the web server in front is no engine")
  void otherStatus() {
    assertThat(
            EnginePing.judged(URI.create("tcp://h:1"), "HTTP/1.1 403 Not\r\n\r\n 200 OK").problem())
        .contains(Problem.STRANGE);
  }

  @Test
  @DisplayName("a forbidden socket says how to be let in, by Docker and by Podman")
  void forbidden() throws IOException {
    Files.createFile(path());
    SocketException denied = new SocketException("Permission denied");
    Answer docker = EnginePing.failed(address(), denied);
    assertThat(docker.problem()).contains(Problem.FORBIDDEN);
    assertThat(docker.free()).isFalse();
    assertThat(docker.sentence()).contains("sudo usermod -aG docker $USER");
    URI podman = URI.create("unix:///run/podman/podman.sock");
    assertThat(EnginePing.failed(podman, denied).sentence())
        .contains("systemctl --user start podman.socket");
  }

  @Test
  @DisplayName("a port that nobody listens on is refused, a host that is not there absent")
  void tcp() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    assertThat(ask(URI.create("tcp://127.0.0.1:" + port)).problem()).contains(Problem.REFUSED);
    assertThat(
            EnginePing.failed(
                    URI.create("tcp://nohost:1"), new java.net.UnknownHostException("nohost"))
                .problem())
        .contains(Problem.ABSENT);
  }
}
