package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("measures time")
class EngineLocatorTest {

  private static final Duration DEADLINE = Duration.ofSeconds(3);

  /** The SHA-256 of {@code elsewhere}, by which the docker command line files that context. */
  private static final String ELSEWHERE =
      "7b1b763ee8f62eb88e4742a760f912d0b19bcd58b2b948999784bacc15a7f4d7";

  @TempDir private Path root;
  private Path home;
  private Path local;

  @BeforeEach
  void machine() {
    home = root.resolve("home");
    local = root.resolve("var/run/docker.sock");
  }

  private Optional<URI> find(Map<String, String> environment) {
    return new EngineLocator(environment, home, root, DEADLINE).find();
  }

  private static void fails(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  @DisplayName("a bare machine has no engine, and that is no error")
  void none() {
    assertThat(find(Map.of())).isEmpty();
  }

  @Test
  @DisplayName("the usual socket is found")
  void usualSocket() throws IOException {
    try (var engine = SocketServer.engine(local)) {
      assertThat(find(Map.of())).contains(EngineLocator.socket(local));
    }
  }

  @Test
  @DisplayName("a stale socket does not hide a rootless engine, and alone counts as none")
  void staleThenRootless() throws IOException {
    SocketServer.stale(local);
    assertThat(find(Map.of())).isEmpty();
    Path own = root.resolve("own");
    try (var engine = SocketServer.engine(own.resolve("docker.sock"))) {
      assertThat(find(Map.of("XDG_RUNTIME_DIR", own.toString())))
          .contains(EngineLocator.socket(own.resolve("docker.sock")));
    }
  }

  @Test
  @DisplayName("Podman's and Docker Desktop's sockets are found")
  void otherSockets() throws IOException {
    Path podman = root.resolve("run/podman/podman.sock");
    try (var engine = SocketServer.engine(podman)) {
      assertThat(find(Map.of())).contains(EngineLocator.socket(podman));
      Path desktop = home.resolve(".docker/run/docker.sock");
      try (var other = SocketServer.engine(desktop)) {
        assertThat(find(Map.of())).contains(EngineLocator.socket(desktop));
      }
    }
  }

  @Test
  @DisplayName("an engine that hangs is told, not taken for none, and costs one deadline in all")
  void hanging() throws IOException {
    try (var one = SocketServer.saying(local, "");
        var two = SocketServer.saying(home.resolve(".docker/run/docker.sock"), "")) {
      long start = System.nanoTime();
      fails(() -> find(Map.of()), local.toString(), "does not answer within 3 s");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(2));
    }
  }

  @Test
  @DisplayName("a dead DOCKER_HOST is never passed over for a living local engine")
  void deadDockerHost() throws IOException {
    try (var engine = SocketServer.engine(local)) {
      String dead = "unix://" + root.resolve("dead.sock");
      fails(
          () -> find(Map.of("DOCKER_HOST", dead)),
          "DOCKER_HOST is " + dead,
          "there is no such socket",
          "unset DOCKER_HOST");
    }
  }

  @Test
  @DisplayName("a living DOCKER_HOST goes before everything else")
  void livingDockerHost() throws IOException {
    Path chosen = root.resolve("chosen.sock");
    try (var engine = SocketServer.engine(local);
        var other = SocketServer.engine(chosen)) {
      choose("missing", "");
      assertThat(find(Map.of("DOCKER_HOST", "unix://" + chosen)))
          .contains(EngineLocator.socket(chosen));
    }
  }

  @Test
  @DisplayName("addresses that cannot be used are refused in words")
  void unusableAddresses() {
    for (String address :
        new String[] {
          "ssh://me@host",
          "npipe:////./pipe/docker_engine",
          "host:2375",
          "unix://relative",
          "tcp://"
        }) {
      fails(
          () -> find(Map.of("DOCKER_HOST", address)),
          "DOCKER_HOST is " + address,
          "only unix:///PATH and tcp://HOST:PORT");
    }
  }

  @Test
  @DisplayName("TLS without its certificates says which file is missing")
  void tlsWithoutCertificates() {
    fails(
        () -> find(Map.of("DOCKER_HOST", "tcp://127.0.0.1", "DOCKER_TLS_VERIFY", "1")),
        home.resolve(".docker/ca.pem").toString(),
        "DOCKER_CERT_PATH");
  }

  @Test
  @DisplayName("the docker command line's current context is followed")
  void context() throws Exception {
    Path elsewhere = root.resolve("elsewhere.sock");
    choose("elsewhere", "unix://" + elsewhere);
    try (var engine = SocketServer.engine(local);
        var other = SocketServer.engine(elsewhere)) {
      assertThat(find(Map.of())).contains(EngineLocator.socket(elsewhere));
    }
  }

  @Test
  @DisplayName("a dead context, an ssh one, one with certificates and one unknown are each told")
  void unusableContexts() throws Exception {
    try (var engine = SocketServer.engine(local)) {
      choose("elsewhere", "unix://" + root.resolve("dead.sock"));
      fails(() -> find(Map.of()), "context elsewhere", "no such socket", "context use default");
      choose("elsewhere", "ssh://me@host");
      fails(() -> find(Map.of()), "context elsewhere is ssh://me@host", "only unix:///PATH");
      choose("elsewhere", "tcp://127.0.0.1:1");
      Files.createDirectories(home.resolve(".docker/contexts/tls/" + ELSEWHERE + "/docker"));
      fails(() -> find(Map.of()), "certificates of its own");
      fails(() -> find(Map.of("DOCKER_CONTEXT", "unknown")), "context unknown is chosen");
    }
  }

  @Test
  @DisplayName("the default context and a broken configuration change nothing")
  void defaultContext() throws IOException {
    try (var engine = SocketServer.engine(local)) {
      choose("default", "");
      assertThat(find(Map.of())).contains(EngineLocator.socket(local));
      Files.writeString(home.resolve(".docker/config.json"), "{ not json");
      assertThat(find(Map.of())).contains(EngineLocator.socket(local));
    }
  }

  private void choose(String name, String host) throws IOException {
    Path meta = home.resolve(".docker/contexts/meta/" + ELSEWHERE);
    Files.createDirectories(meta);
    Files.writeString(
        home.resolve(".docker/config.json"), "{\"currentContext\":\"%s\"}".formatted(name));
    Files.writeString(
        meta.resolve("meta.json"),
        "{\"Name\":\"elsewhere\",\"Endpoints\":{\"docker\":{\"Host\":\"%s\"}}}".formatted(host));
  }
}
