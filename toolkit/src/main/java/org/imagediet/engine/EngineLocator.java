package org.imagediet.engine;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the engine where its users expect it: DOCKER_HOST, else the docker context, else the usual
 * sockets of Docker, Docker Desktop, rootless Docker and Podman.
 *
 * <p>What a person chose is taken or refused, never passed over: an answer from another engine than
 * the one they meant would be a wrong one.
 */
final class EngineLocator {

  /** How long one address has for its answer; they are asked at the same time. */
  static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final int PLAIN_PORT = 2375;
  private static final int TLS_PORT = 2376;

  private final Map<String, String> environment;
  private final Path home;
  private final Path root;
  private final Duration deadline;

  /**
   * Looks from somewhere.
   *
   * @param root the folder that {@code /var/run}, {@code /run} and {@code /proc} are in
   */
  EngineLocator(Map<String, String> environment, Path home, Path root, Duration deadline) {
    this.environment = environment;
    this.home = home;
    this.root = root;
    this.deadline = deadline;
  }

  static EngineLocator ofThisMachine() {
    return new EngineLocator(
        System.getenv(), Path.of(System.getProperty("user.home")), Path.of("/"), DEADLINE);
  }

  /**
   * Looks for an engine.
   *
   * @return nothing when there is simply none
   * @throws EnvironmentException when there is one that cannot be used, or the one that was chosen
   *     does not answer
   */
  Optional<URI> find() {
    String given = environment.getOrDefault("DOCKER_HOST", "").strip();
    if (!given.isEmpty()) {
      return Optional.of(
          chosen("DOCKER_HOST is " + given, given, "start that engine, or unset DOCKER_HOST"));
    }
    Optional<DockerContext> context = DockerContext.current(environment, home);
    if (context.isPresent()) {
      return Optional.of(chosen(context.get()));
    }
    EnginePing ping = new EnginePing(deadline, Optional.empty());
    List<EnginePing.Pending> asked = sockets().stream().map(ping::begin).toList();
    Optional<EnginePing.Answer> unusable = Optional.empty();
    for (EnginePing.Pending pending : asked) {
      EnginePing.Answer answer = pending.get();
      if (answer.good()) {
        return Optional.of(answer.address());
      }
      if (unusable.isEmpty() && !answer.free()) {
        unusable = Optional.of(answer);
      }
    }
    if (unusable.isPresent()) {
      throw new EnvironmentException(
          "The engine at %s cannot be used: %s."
              .formatted(unusable.get().address(), unusable.get().sentence()));
    }
    return Optional.empty();
  }

  private URI chosen(DockerContext context) {
    String what = "The docker context " + context.name() + " is " + context.host();
    if (context.certificates()) {
      throw new EnvironmentException(
          what
              + " with certificates of its own; set DOCKER_HOST, DOCKER_TLS_VERIFY=1 and"
              + " DOCKER_CERT_PATH instead, or run `docker context use default`.");
    }
    return chosen(what, context.host(), "start that engine, or run `docker context use default`");
  }

  private URI chosen(String what, String given, String remedy) {
    Optional<Path> certificates = certificates();
    URI address =
        address(given, certificates.isPresent() ? TLS_PORT : PLAIN_PORT)
            .orElseThrow(
                () ->
                    new EnvironmentException(
                        what
                            + "; only unix:///PATH and tcp://HOST:PORT can be used here, so set"
                            + " DOCKER_HOST to such an address."));
    EnginePing.Answer answer = new EnginePing(deadline, certificates).ask(address);
    if (!answer.good()) {
      boolean startable =
          answer.free() || answer.problem().filter(EnginePing.Problem.SILENT::equals).isPresent();
      throw new EnvironmentException(
          "%s, but %s%s.".formatted(what, answer.sentence(), startable ? "; " + remedy : ""));
    }
    return answer.address();
  }

  /** The client certificates, when tcp addresses are to speak TLS; as the client library has it. */
  private Optional<Path> certificates() {
    String verify = environment.getOrDefault("DOCKER_TLS_VERIFY", "").strip();
    if (!verify.equals("1") && !verify.equalsIgnoreCase("true")) {
      return Optional.empty();
    }
    String given = environment.getOrDefault("DOCKER_CERT_PATH", "");
    Path folder = given.isEmpty() ? home.resolve(".docker") : Path.of(given);
    for (String name : List.of("ca.pem", "cert.pem", "key.pem")) {
      if (!Files.isReadable(folder.resolve(name))) {
        throw new EnvironmentException(
            "DOCKER_TLS_VERIFY is set, and %s cannot be read; set DOCKER_CERT_PATH to the folder with"
                    .formatted(folder.resolve(name))
                + " ca.pem, cert.pem and key.pem, or unset DOCKER_TLS_VERIFY.");
      }
    }
    return Optional.of(folder);
  }

  private static Optional<URI> address(String given, int defaultPort) {
    try {
      if (given.startsWith("unix:///")) {
        return Optional.of(socket(Path.of(given.substring("unix://".length()))));
      }
      URI address = new URI(given);
      if ("tcp".equals(address.getScheme()) && address.getHost() != null) {
        int port = address.getPort() < 0 ? defaultPort : address.getPort();
        return Optional.of(new URI("tcp", null, address.getHost(), port, null, null, null));
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // Said by the caller, like any other address that is none.
    }
    return Optional.empty();
  }

  private Set<URI> sockets() {
    Set<Path> paths = new LinkedHashSet<>();
    paths.add(root.resolve("var/run/docker.sock"));
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.isEmpty()) {
      addOwn(paths, Path.of(runtime));
    }
    // Without a login session the variable is missing, and the folder may be there.
    owner(root.resolve("proc/self"))
        .ifPresent(user -> addOwn(paths, root.resolve("run/user/" + user)));
    paths.add(home.resolve(".docker/run/docker.sock"));
    paths.add(home.resolve(".docker/desktop/docker.sock"));
    paths.add(root.resolve("run/podman/podman.sock"));
    Set<URI> sockets = new LinkedHashSet<>();
    paths.forEach(path -> sockets.add(socket(path)));
    return sockets;
  }

  private static void addOwn(Set<Path> paths, Path runtime) {
    paths.add(runtime.resolve("docker.sock"));
    paths.add(runtime.resolve("podman/podman.sock"));
  }

  private static Optional<Object> owner(Path file) {
    try {
      return Optional.of(Files.getAttribute(file, "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns the address of a socket, with whatever characters its path has. */
  static URI socket(Path path) {
    try {
      return new URI("unix", "", path.toString(), null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
