package org.imagediet.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds the engine where its users expect it: DOCKER_HOST, else the docker context, else the usual
 * sockets of Docker, Docker Desktop, rootless Docker and Podman. Each is asked for an answer with a
 * deadline: the client libraries would wait for minutes, or silently take another engine.
 */
final class EngineLocator {

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Map<String, String> environment;
  private final Path home;
  private final Path root;

  /**
   * Looks from somewhere.
   *
   * @param root the folder that {@code /var/run} and {@code /run} are in
   */
  EngineLocator(Map<String, String> environment, Path home, Path root) {
    this.environment = environment;
    this.home = home;
    this.root = root;
  }

  static EngineLocator ofThisMachine() {
    return new EngineLocator(
        System.getenv(), Path.of(System.getProperty("user.home")), Path.of("/"));
  }

  /** Why an address is no engine to us. */
  enum Problem {
    ABSENT,
    FORBIDDEN,
    SILENT,
    STRANGE
  }

  /**
   * What came of asking.
   *
   * @param problem nothing when it answered
   * @param sentence what is wrong and what to do, when something is
   */
  record Asked(URI address, Optional<Problem> problem, String sentence) {}

  /**
   * Looks for an engine.
   *
   * @return nothing when there is simply none
   * @throws EnvironmentException when there is one that cannot be used, or the one that DOCKER_HOST
   *     names does not answer
   */
  Optional<URI> find() {
    String given = environment.getOrDefault("DOCKER_HOST", "").strip();
    if (!given.isEmpty()) {
      Asked asked = ask(address(given));
      if (asked.problem().isPresent()) {
        throw new EnvironmentException(
            "DOCKER_HOST is %s, and %s; start that engine, or unset DOCKER_HOST."
                .formatted(given, asked.sentence()));
      }
      return Optional.of(asked.address());
    }
    List<Asked> unusable = new ArrayList<>();
    for (URI candidate : candidates()) {
      Asked asked = ask(candidate);
      if (asked.problem().isEmpty()) {
        return Optional.of(candidate);
      }
      if (asked.problem().get() != Problem.ABSENT) {
        unusable.add(asked);
      }
    }
    if (!unusable.isEmpty()) {
      Asked first = unusable.get(0);
      throw new EnvironmentException(
          "The engine at %s cannot be used: %s.".formatted(first.address(), first.sentence()));
    }
    return Optional.empty();
  }

  private static URI address(String given) {
    try {
      URI address = URI.create(given);
      String scheme = String.valueOf(address.getScheme());
      if (scheme.equals("unix") || scheme.equals("tcp")) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Said below, like any other address that is none.
    }
    throw new EnvironmentException(
        "DOCKER_HOST is %s; only unix:// and tcp:// addresses can be used here.".formatted(given));
  }

  private Set<URI> candidates() {
    Set<URI> candidates = new LinkedHashSet<>();
    context().ifPresent(candidates::add);
    candidates.add(socket(root.resolve("var/run/docker.sock")));
    Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
        .map(Path::of)
        .ifPresent(
            folder -> {
              candidates.add(socket(folder.resolve("docker.sock")));
              candidates.add(socket(folder.resolve("podman/podman.sock")));
            });
    candidates.add(socket(home.resolve(".docker/run/docker.sock")));
    candidates.add(socket(home.resolve(".docker/desktop/docker.sock")));
    candidates.add(socket(root.resolve("run/podman/podman.sock")));
    return candidates;
  }

  private static URI socket(Path path) {
    return URI.create("unix://" + path);
  }

  /** The address behind the docker command line's current context. */
  private Optional<URI> context() {
    ObjectMapper json = new ObjectMapper();
    try {
      String name = environment.getOrDefault("DOCKER_CONTEXT", "");
      Path config = home.resolve(".docker/config.json");
      if (name.isEmpty() && Files.isRegularFile(config)) {
        name = json.readTree(config.toFile()).path("currentContext").asText("");
      }
      if (name.isEmpty() || name.equals("default")) {
        return Optional.empty();
      }
      byte[] digest =
          java.security.MessageDigest.getInstance("SHA-256")
              .digest(name.getBytes(StandardCharsets.UTF_8));
      Path meta =
          home.resolve(".docker/contexts/meta/" + HexFormat.of().formatHex(digest) + "/meta.json");
      JsonNode host = json.readTree(meta.toFile()).path("Endpoints").path("docker").path("Host");
      URI address = URI.create(host.asText(""));
      boolean known = "unix".equals(address.getScheme()) || "tcp".equals(address.getScheme());
      return known ? Optional.of(address) : Optional.empty();
    } catch (IOException | IllegalArgumentException | java.security.GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** Asks an address whether it is an engine. */
  static Asked ask(URI address) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread asker =
        new Thread(
            () -> {
              try {
                answer.complete(ping(address));
              } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
              }
            },
            "engine-ping");
    asker.setDaemon(true);
    asker.start();
    try {
      String text = answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      boolean engine = text.startsWith("HTTP/1.") && text.endsWith("OK");
      return engine || text.isEmpty()
          ? new Asked(address, Optional.empty(), "")
          : new Asked(
              address, Optional.of(Problem.STRANGE), "what answers there is no container engine");
    } catch (TimeoutException e) {
      return new Asked(
          address,
          Optional.of(Problem.SILENT),
          "it accepts connections and does not answer within " + DEADLINE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while looking for an engine.", e);
    } catch (ExecutionException e) {
      return failed(address, e.getCause());
    }
  }

  private static Asked failed(URI address, Throwable cause) {
    String reason = DockerEngine.reason(cause);
    if (reason.contains("Permission denied")) {
      return new Asked(
          address,
          Optional.of(Problem.FORBIDDEN),
          "you may not use it; join its group with `sudo usermod -aG docker $USER`, log in again,"
              + " and run again");
    }
    boolean nobody =
        cause instanceof ConnectException
            || cause instanceof java.nio.file.NoSuchFileException
            || reason.contains("No such file")
            || reason.contains("Connection refused");
    return nobody
        ? new Asked(address, Optional.of(Problem.ABSENT), "nothing listens there")
        : new Asked(address, Optional.of(Problem.STRANGE), "it cannot be reached: " + reason);
  }

  private static String ping(URI address) throws IOException {
    byte[] request =
        "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    if (address.getScheme().equals("unix")) {
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(address.getPath()));
        channel.write(ByteBuffer.wrap(request));
        return text(Channels.newInputStream(channel));
      }
    }
    try (Socket socket = new Socket()) {
      int port = address.getPort() < 0 ? 2375 : address.getPort();
      socket.connect(new InetSocketAddress(address.getHost(), port), (int) DEADLINE.toMillis());
      if ("1".equals(System.getenv("DOCKER_TLS_VERIFY"))) {
        // Its certificates are looked at when we really connect.
        return "";
      }
      socket.getOutputStream().write(request);
      return text(socket.getInputStream());
    }
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readNBytes(4096), StandardCharsets.US_ASCII).strip();
  }
}
