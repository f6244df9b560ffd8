package org.imagediet.engine;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings up an engine where none answers: the distribution's own package on a Debian or Ubuntu
 * machine that is ours, started by the service manager where there is one, else detached from us,
 * so that it outlives this command. Elsewhere it says what to install.
 *
 * <p>It never starts a second daemon beside a living one: that would take the first one's network
 * away.
 */
final class EngineInstaller {

  private static final Duration INSTALL = Duration.ofMinutes(8);
  private static final Duration REFRESH = Duration.ofMinutes(3);
  private static final Duration START = Duration.ofSeconds(60);

  /** With the look before and the last question after it, still within 30 seconds. */
  private static final Duration STARTING = Duration.ofSeconds(18);

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int LOG_LINES = 5;
  private static final int LOG_CHARACTERS = 300;
  private static final String NO_SPACE = "no space left on device";

  private final Machine machine;
  private final Progress progress;
  private final Consent consent;
  private final URI socket;
  private final Processes processes;

  /**
   * Prepares.
   *
   * @param consent asked before anything is installed or started
   */
  EngineInstaller(Machine machine, Progress progress, Consent consent) {
    this.machine = machine;
    this.progress = progress;
    this.consent = consent;
    socket = EngineLocator.socket(machine.root().resolve("var/run/docker.sock"));
    processes = new Processes(machine.root().resolve("proc"));
  }

  /**
   * Installs and starts what is missing.
   *
   * @return where the engine listens
   * @throws EnvironmentException when that is not for us to do, or does not work
   */
  URI install() {
    if (running().isPresent()) {
      return awaitOther();
    }
    Optional<Path> program = program();
    if (program.isEmpty()) {
      requireDebian();
    }
    requireSuperuser(program.isPresent());
    String what =
        program.isPresent() ? "start dockerd" : "install the package docker.io and start dockerd";
    if (!consent.to(what)) {
      throw new EnvironmentException(
          "No container engine answers, and none was to be started; start yours and run again, or"
              + " set DOCKER_HOST.");
    }
    if (program.isEmpty()) {
      installPackage();
      // The package may have started it, through whatever starts services here.
      if (machine.ask(socket).good()) {
        return socket;
      }
      if (running().isPresent()) {
        return awaitOther();
      }
      program = program();
    }
    return start(
        program.orElseThrow(
            () ->
                new EnvironmentException(
                    "The package docker.io is installed, and there is no dockerd in it; install"
                        + " Docker Engine yourself, start it, and run again.")));
  }

  private Optional<String> running() {
    return processes.named("dockerd");
  }

  private Optional<Path> program() {
    return List.of("usr/sbin/dockerd", "usr/bin/dockerd", "usr/local/bin/dockerd").stream()
        .map(machine.root()::resolve)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void requireDebian() {
    if (!debian()) {
      throw new EnvironmentException(
          "No container engine answers; install Docker Engine, Docker Desktop or Podman, start it,"
              + " and run again (or set DOCKER_HOST).");
    }
  }

  private boolean debian() {
    try {
      return Files.readString(machine.root().resolve("etc/os-release"))
          .lines()
          .filter(line -> line.startsWith("ID=") || line.startsWith("ID_LIKE="))
          .anyMatch(line -> line.matches(".*\\b(debian|ubuntu)\\b.*"));
    } catch (IOException e) {
      return false;
    }
  }

  private void requireSuperuser(boolean installed) {
    if (machine.superuser()) {
      return;
    }
    String start = systemd() ? "sudo systemctl start docker" : "sudo service docker start";
    throw new EnvironmentException(
        installed
            ? "Docker is installed, but it is not running; start it with `%s` and run again."
                .formatted(start)
            : "No container engine answers; install one with `sudo apt-get install docker.io`, join"
                + " its group with `sudo usermod -aG docker $USER`, log in again, and run again.");
  }

  private boolean systemd() {
    return Files.isDirectory(machine.root().resolve("run/systemd/system"));
  }

  private void installPackage() {
    try (Progress.Task task = progress.begin("install the engine (package docker.io)")) {
      Command.Result result = aptInstall(task);
      if (!result.succeeded() && !installed()) {
        // A fresh machine has no package lists yet, and an old one has outdated ones.
        task.detail("refreshing the package lists");
        Command.Result refreshed = aptGet(task, REFRESH, "update");
        if (full(refreshed)) {
          throw notInstalled(refreshed);
        }
        result = aptInstall(task);
      }
      // Where its own first start fails, the package counts as broken; ours will say why.
      if (!result.succeeded() && !installed()) {
        throw notInstalled(result);
      }
      task.done("");
    }
  }

  private boolean installed() {
    return program().isPresent();
  }

  private Command.Result aptInstall(Progress.Task task) {
    // Pulling needs the certificates, and they are only recommended.
    return aptGet(
        task, INSTALL, "install", "-y", "--no-install-recommends", "docker.io", "ca-certificates");
  }

  private Command.Result aptGet(Progress.Task task, Duration deadline, String... arguments) {
    List<String> argv = new ArrayList<>(List.of("apt-get", "-q"));
    // Another apt may be at work, as on a machine that was just switched on.
    argv.addAll(List.of("-o", "DPkg::Lock::Timeout=60", "-o", "Acquire::http::Timeout=30"));
    argv.addAll(List.of(arguments));
    return machine.run(deadline, task::detail, argv);
  }

  private static boolean full(Command.Result result) {
    return result.lastLines().stream()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .anyMatch(line -> line.contains(NO_SPACE) || line.contains("enough free space"));
  }

  private static EnvironmentException notInstalled(Command.Result result) {
    if (full(result)) {
      return new EnvironmentException(
          "There is no space left on this machine's disk for the package docker.io (it takes about"
              + " 300 MB); free some and run again.");
    }
    String why =
        result.timedOut()
            ? "apt-get did not come to an end in time"
            : result.lastLines().stream()
                .filter(line -> line.startsWith("E: "))
                .map(line -> line.substring(3))
                .findFirst()
                .orElse(result.lastLine());
    return new EnvironmentException(
        "The package docker.io cannot be installed: "
            + why.replaceFirst("[.\\s]+$", "")
            + "; see to that, or install an engine yourself, and run again.");
  }

  private URI start(Path program) {
    try (Progress.Task task = progress.begin("start the engine")) {
      URI address = systemd() ? startService(task) : startDetached(program);
      task.done("");
      return address;
    }
  }

  private URI startService(Progress.Task task) {
    Command.Result result =
        machine.run(START, task::detail, List.of("systemctl", "start", "docker"));
    if (!result.succeeded()) {
      throw new EnvironmentException(
          "`systemctl start docker` failed (%s); `journalctl -u docker` says why."
              .formatted(result.timedOut() ? "no end within 60 s" : result.lastLine()));
    }
    for (long end = end(START); machine.nanoTime() < end; machine.pause(PAUSE)) {
      if (machine.ask(socket).good()) {
        return socket;
      }
    }
    throw new EnvironmentException(
        "Docker's service runs, but %s at %s; `journalctl -u docker` may say why."
            .formatted(machine.ask(socket).sentence(), socket));
  }

  private URI startDetached(Path program) {
    Path log = machine.stateFolder().resolve("dockerd.log");
    Machine.Daemon daemon;
    try {
      Files.createDirectories(log.getParent());
      removeStalePidFiles();
      daemon = machine.startDetached(List.of(program.toString()), log);
    } catch (IOException e) {
      throw new EnvironmentException(
          "The engine cannot be started: %s (its log was to be %s)."
              .formatted(DockerEngine.reason(e), log),
          e);
    }
    note(daemon, log.resolveSibling("dockerd.pid"));
    long end = end(START);
    while (daemon.alive() && machine.nanoTime() < end) {
      if (machine.ask(socket).good()) {
        return socket;
      }
      machine.pause(PAUSE);
    }
    boolean late = daemon.alive();
    // Half an engine would be in the way of the next attempt.
    daemon.stop();
    throw notStarted(late, log);
  }

  /**
   * Removes what a daemon left behind that was killed. Should its number be another process's by
   * now, the next daemon would refuse to start, or take that process for its containerd.
   */
  private void removeStalePidFiles() throws IOException {
    Path run = machine.root().resolve("var/run");
    processes.removeStale(run.resolve("docker.pid"), "dockerd");
    processes.removeStale(run.resolve("docker/containerd/containerd.pid"), "containerd");
  }

  private static void note(Machine.Daemon daemon, Path file) {
    try {
      Files.writeString(file, daemon.pid() + "\n");
    } catch (IOException e) {
      // For a person's convenience only; we look for the process itself.
    }
  }

  private URI awaitOther() {
    try (Progress.Task task = progress.begin("wait for the dockerd that is running")) {
      EnginePing.Answer answer = machine.ask(socket);
      for (long end = end(STARTING); !answer.good() && machine.nanoTime() < end; ) {
        machine.pause(PAUSE);
        answer = machine.ask(socket);
      }
      if (answer.good()) {
        task.done("");
        return socket;
      }
      throw new EnvironmentException(
          "A dockerd is running (process %s), but at %s %s; set DOCKER_HOST to where it listens,"
                  .formatted(running().orElse("ended"), socket, answer.sentence())
              + " or look into its log, or stop it and run again.");
    }
  }

  private long end(Duration deadline) {
    return machine.nanoTime() + deadline.toNanos();
  }

  private static EnvironmentException notStarted(boolean late, Path log) {
    List<String> lines = lastLines(log);
    String text = String.join("\n", lines).toLowerCase(Locale.ROOT);
    String why = late ? "it does not answer within 60 s and was stopped" : "it ended at once";
    if (text.contains(NO_SPACE)) {
      why = "there is no space left on the disk; free some and run again";
    } else if (text.contains("iptables") || text.contains("operation not permitted")) {
      why =
          "this machine does not let it change the network or mount; it is probably a container"
              + " without privileges, so use the engine outside of it through DOCKER_HOST";
    } else if (text.contains("overlay") || text.contains("storage-driver")) {
      why =
          "its storage does not work on this file system; choose another with \"storage-driver\" in"
              + " /etc/docker/daemon.json and run again";
    }
    List<String> message = new ArrayList<>();
    message.add("The engine does not start: %s. The end of its log, %s:".formatted(why, log));
    lines.forEach(line -> message.add("  " + line));
    return new EnvironmentException(String.join("\n", message));
  }

  /** Returns the end of a log, without what a reader does not need. */
  private static List<String> lastLines(Path log) {
    try {
      // Written by a program that lived for a minute at the most.
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .map(line -> line.replaceFirst("^time=\"[^\"]*\" ", ""))
              .map(
                  line ->
                      line.length() > LOG_CHARACTERS
                          ? line.substring(0, LOG_CHARACTERS) + "..."
                          : line)
              .toList();
      return lines.isEmpty()
          ? List.of("(empty)")
          : lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
    } catch (IOException e) {
      return List.of("(it cannot be read)");
    }
  }
}
