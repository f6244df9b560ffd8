package org.imagediet.engine;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Brings up an engine on a Debian or Ubuntu machine that has none: the distribution's own package,
 * started by the service manager where there is one, else detached from us, so that it outlives
 * this command.
 */
final class EngineInstaller {

  private static final Duration INSTALL = Duration.ofMinutes(8);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ALIVE = Duration.ofSeconds(20);
  private static final URI SOCKET = URI.create("unix:///var/run/docker.sock");

  private final Progress progress;
  private final BooleanSupplier consent;

  /**
   * Prepares.
   *
   * @param consent asked before anything is installed
   */
  EngineInstaller(Progress progress, BooleanSupplier consent) {
    this.progress = progress;
    this.consent = consent;
  }

  /**
   * Installs and starts what is missing.
   *
   * @return where the engine listens
   * @throws EnvironmentException when that is not for us to do, or does not work
   */
  URI install() {
    if (running()) {
      // A second daemon would take the first one's network away. It may just be starting.
      return await(ALIVE, Optional.empty());
    }
    boolean present = program().isPresent();
    requireOurMachine(present);
    if (!present) {
      if (!consent.getAsBoolean()) {
        throw new EnvironmentException(
            "No container engine, and none is to be installed; install docker.io and start it, or"
                + " set DOCKER_HOST.");
      }
      installPackage();
      if (EngineLocator.ask(SOCKET).problem().isEmpty()) {
        return SOCKET;
      }
    }
    return start();
  }

  private static boolean running() {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          if (Files.readString(process.resolve("comm")).strip().equals("dockerd")) {
            return true;
          }
        } catch (IOException e) {
          // It ended while we looked.
        }
      }
    } catch (IOException e) {
      // No /proc: then this is no Linux, and nothing is started here anyway.
    }
    return false;
  }

  private static Optional<String> program() {
    return List.of("/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd").stream()
        .filter(path -> new File(path).canExecute())
        .findFirst();
  }

  private static void requireOurMachine(boolean present) {
    boolean root = System.getProperty("user.name").equals("root");
    if (present && !root) {
      throw new EnvironmentException(
          "Docker is installed and not running; start it with `sudo systemctl start docker`.");
    }
    if (!debian()) {
      throw new EnvironmentException(
          "No container engine answers; install Docker Engine, Docker Desktop or Podman, start it,"
              + " and run again (or set DOCKER_HOST).");
    }
    if (!root) {
      throw new EnvironmentException(
          "No container engine answers; install one with `sudo apt-get install docker.io`, join its"
              + " group with `sudo usermod -aG docker $USER`, log in again, and run again.");
    }
  }

  private static boolean debian() {
    try {
      return Files.readString(Path.of("/etc/os-release"))
          .lines()
          .filter(line -> line.startsWith("ID=") || line.startsWith("ID_LIKE="))
          .anyMatch(line -> line.matches(".*\\b(debian|ubuntu)\\b.*"));
    } catch (IOException e) {
      return false;
    }
  }

  private void installPackage() {
    try (Progress.Task task = progress.begin("install the engine (package docker.io)")) {
      Command.Result result = aptGet(task, "install", "-y", "--no-install-recommends", "docker.io");
      if (!result.succeeded()) {
        // A fresh machine has no package lists yet, and an old one has outdated ones.
        task.detail("refreshing the package lists");
        aptGet(task, "update");
        result = aptGet(task, "install", "-y", "--no-install-recommends", "docker.io");
      }
      if (!result.succeeded()) {
        String why =
            result.lastLines().stream()
                .filter(line -> line.startsWith("E: ") || line.contains("No space left"))
                .findFirst()
                .orElse(result.lastLine());
        throw new EnvironmentException("The package docker.io cannot be installed: " + why + ".");
      }
      task.done("");
    }
  }

  private static Command.Result aptGet(Progress.Task task, String... arguments) {
    List<String> argv = new java.util.ArrayList<>(List.of("apt-get", "-q"));
    argv.addAll(List.of(arguments));
    return Command.of(argv)
        .environment("DEBIAN_FRONTEND", "noninteractive")
        .onLine(task::detail)
        .run(INSTALL);
  }

  private URI start() {
    try (Progress.Task task = progress.begin("start the engine")) {
      URI address;
      if (Files.isDirectory(Path.of("/run/systemd/system"))) {
        Command.Result result = Command.of("systemctl", "start", "docker").run(START);
        if (!result.succeeded()) {
          throw new EnvironmentException(
              "`systemctl start docker` failed: " + result.lastLine() + ".");
        }
        address = await(START, Optional.empty());
      } else {
        address = await(START, Optional.of(startDetached()));
      }
      task.done("");
      return address;
    }
  }

  private record Started(Process process, Path log) {}

  private static Started startDetached() {
    try {
      Path state = Files.createDirectories(stateFolder());
      Path log = state.resolve("dockerd.log");
      Process process =
          new ProcessBuilder("setsid", program().orElse("dockerd"))
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Files.writeString(state.resolve("dockerd.pid"), process.pid() + "\n");
      return new Started(process, log);
    } catch (IOException e) {
      throw new EnvironmentException(
          "The engine cannot be started: " + DockerEngine.reason(e) + ".", e);
    }
  }

  private static Path stateFolder() {
    String state = System.getenv("XDG_STATE_HOME");
    Path base =
        state == null || state.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state);
    return base.resolve("three-image-diet");
  }

  private static URI await(Duration deadline, Optional<Started> started) {
    long end = System.nanoTime() + deadline.toNanos();
    String last = "";
    while (System.nanoTime() < end) {
      EngineLocator.Asked asked = EngineLocator.ask(SOCKET);
      if (asked.problem().isEmpty()) {
        return SOCKET;
      }
      last = asked.sentence();
      if (started.filter(s -> !s.process().isAlive()).isPresent()) {
        break;
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EnvironmentException("Interrupted while the engine started.", e);
      }
    }
    if (started.isPresent()) {
      throw new EnvironmentException(
          "The engine does not start: %s. All of its log: %s."
              .formatted(lastLine(started.get().log()), started.get().log()));
    }
    throw new EnvironmentException(
        "A dockerd process is running, and %s at %s; look into its log, or stop it and run again."
            .formatted(last, SOCKET));
  }

  private static String lastLine(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.isEmpty() ? "its log is empty" : lines.get(lines.size() - 1);
    } catch (IOException e) {
      return "its log cannot be read";
    }
  }
}
