package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.imagediet.engine.EnginePing.Answer;
import org.imagediet.engine.EnginePing.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineInstallerTest {

  private static final String INSTALL =
      "apt-get -q -o DPkg::Lock::Timeout=60 -o Acquire::http::Timeout=30 install -y"
          + " --no-install-recommends docker.io ca-certificates";
  private static final String UPDATE =
      "apt-get -q -o DPkg::Lock::Timeout=60 -o Acquire::http::Timeout=30 update";

  @TempDir private Path root;
  private FakeMachine machine;
  private final List<String> asked = new ArrayList<>();
  private boolean agreed = true;

  @BeforeEach
  void bareDebian() throws IOException {
    machine = new FakeMachine();
    Files.createDirectories(root.resolve("proc"));
    file("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\n");
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void dockerdInstalled() throws IOException {
    file("usr/sbin/dockerd", "");
    assertThat(root.resolve("usr/sbin/dockerd").toFile().setExecutable(true)).isTrue();
  }

  private void dockerdRunning(String state) throws IOException {
    file("proc/1/comm", "init\n");
    file("proc/77/comm", "dockerd\n");
    file("proc/77/stat", "77 (dockerd) " + state + " 1 77");
  }

  private URI install() {
    Consent consent =
        what -> {
          asked.add(what);
          return agreed;
        };
    return new EngineInstaller(machine, Progress.SILENT, consent).install();
  }

  private void fails(String... words) {
    assertThatThrownBy(this::install)
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  @DisplayName("a bare Debian gets the package and a daemon, after one question")
  void bare() throws IOException {
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(asked).containsExactly("install the package docker.io and start dockerd");
    assertThat(machine.ran).containsExactly(INSTALL, "start " + root.resolve("usr/sbin/dockerd"));
    assertThat(Files.readString(machine.stateFolder().resolve("dockerd.pid"))).isEqualTo("4711\n");
  }

  @Test
  @DisplayName("without package lists it refreshes them and tries again")
  void oldLists() {
    machine.failInstalls(1, "E: Unable to locate package docker.io");
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(machine.ran).startsWith(INSTALL, UPDATE, INSTALL);
  }

  @Test
  @DisplayName("what apt complains of is passed on")
  void aptFails() {
    machine.failInstalls(9, "E: Unable to locate package docker.io.");
    fails("cannot be installed: Unable to locate package docker.io;");
    assertThat(machine.starts()).isZero();
  }

  @Test
  @DisplayName("a full disk is called that")
  void diskFull() {
    machine.failInstalls(9, "dpkg: error: failed to write: No space left on device");
    fails("no space left on this machine's disk");
  }

  @Test
  @DisplayName("an installed daemon that is not running is started, and nothing is installed")
  void installedOnly() throws IOException {
    dockerdInstalled();
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(asked).containsExactly("start dockerd");
    assertThat(machine.ran).containsExactly("start " + root.resolve("usr/sbin/dockerd"));
  }

  @Test
  @DisplayName("where systemd runs, it starts the service")
  void systemd() throws IOException {
    dockerdInstalled();
    Files.createDirectories(root.resolve("run/systemd/system"));
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(machine.ran).containsExactly("systemctl start docker");
  }

  @Test
  @DisplayName("no second daemon is started beside a living one that never answers")
  void livingDaemon() throws IOException {
    dockerdInstalled();
    dockerdRunning("S");
    fails("A dockerd is running (process 77)", "set DOCKER_HOST");
    assertThat(machine.ran).isEmpty();
    assertThat(asked).isEmpty();
    assertThat(machine.elapsed()).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  @DisplayName("a living daemon that is just starting is waited for")
  void startingDaemon() throws IOException {
    dockerdInstalled();
    dockerdRunning("S");
    machine.answersAfter = Duration.ofSeconds(10);
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(machine.ran).isEmpty();
  }

  @Test
  @DisplayName("a dead daemon that nobody has collected does not count as living")
  void zombie() throws IOException {
    dockerdInstalled();
    dockerdRunning("Z");
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(machine.starts()).isOne();
  }

  @Test
  @DisplayName("ids that a killed daemon left behind, and other processes have now, are removed")
  void stalePidFiles() throws IOException {
    dockerdInstalled();
    file("proc/77/comm", "kworker/0:1\n");
    file("proc/77/stat", "77 (kworker/0:1) S 1 77");
    file("var/run/docker.pid", "77");
    file("var/run/docker/containerd/containerd.pid", "78");
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(root.resolve("var/run/docker.pid")).doesNotExist();
    assertThat(root.resolve("var/run/docker/containerd/containerd.pid")).doesNotExist();
  }

  @Test
  @DisplayName("the id of a containerd that outlived its daemon stays, so that it is used again")
  void livingContainerd() throws IOException {
    dockerdInstalled();
    file("proc/78/comm", "containerd\n");
    file("proc/78/stat", "78 (containerd) S 1 78");
    file("var/run/docker/containerd/containerd.pid", "78");
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(root.resolve("var/run/docker/containerd/containerd.pid")).hasContent("78");
  }

  @Test
  @DisplayName("a daemon that the package itself started is not started again")
  void packageStartsIt() {
    machine.afterInstall =
        () -> {
          dockerdRunning("S");
          machine.answersAfter = machine.elapsed().plusSeconds(3);
        };
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(machine.starts()).isZero();
  }

  @Test
  @DisplayName("a package whose own first start fails is started by us, to learn why")
  void packageStartFails() throws IOException {
    machine.failInstalls(9, "E: Sub-process /usr/bin/dpkg returned an error code (1)");
    machine.afterInstall = this::dockerdInstalled;
    assertThat(install()).isEqualTo(machine.socket());
    assertThat(machine.ran).containsExactly(INSTALL, "start " + root.resolve("usr/sbin/dockerd"));
  }

  @Test
  @DisplayName("a person who says no is left alone")
  void refused() {
    agreed = false;
    fails("none was to be started");
    assertThat(machine.ran).isEmpty();
  }

  @Test
  @DisplayName("without being root it says what to type")
  void notRoot() throws IOException {
    machine.superuser = false;
    fails("sudo apt-get install docker.io", "sudo usermod -aG docker $USER");
    dockerdInstalled();
    fails("sudo service docker start");
    Files.createDirectories(root.resolve("run/systemd/system"));
    fails("sudo systemctl start docker");
    assertThat(machine.ran).isEmpty();
  }

  @Test
  @DisplayName("on another distribution it says what to install, and starts what is installed")
  void otherDistribution() throws IOException {
    file("etc/os-release", "ID=fedora\nID_LIKE=\"rhel\"\n");
    fails("install Docker Engine, Docker Desktop or Podman");
    dockerdInstalled();
    assertThat(install()).isEqualTo(machine.socket());
  }

  @Test
  @DisplayName("a relative of Ubuntu counts as one")
  void relative() throws IOException {
    file("etc/os-release", "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n");
    assertThat(install()).isEqualTo(machine.socket());
  }

  @Test
  @DisplayName("a daemon that ends shows the last lines of its log and the likely reason")
  void daemonEnds() throws IOException {
    dockerdInstalled();
    machine.diesSaying =
        "time=\"2026-11-24T10:00:00Z\" level=info msg=\"first\"\n".repeat(9)
            + "failed to start daemon: failed to create NAT chain DOCKER: iptables failed\n";
    fails(
        "The engine does not start: this machine does not let it change the network",
        machine.stateFolder().resolve("dockerd.log").toString(),
        "\n  level=info msg=\"first\"\n  failed to start daemon");
    machine.diesSaying = "failed to start daemon: mkdir: no space left on device\n";
    fails("there is no space left on the disk");
    machine.diesSaying = "failed to start daemon: error initializing graphdriver: overlay2\n";
    fails("its storage does not work on this file system");
  }

  @Test
  @DisplayName(
      "a daemon that never answers is stopped, so that the next attempt finds a clean slate")
  void daemonHangs() throws IOException {
    dockerdInstalled();
    machine.answersAfter = Duration.ofDays(1);
    fails("it does not answer within 60 s and was stopped");
    assertThat(machine.stopped).isTrue();
    assertThat(machine.elapsed()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(65));
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** A machine in a folder, where time passes only while something waits. */
  private final class FakeMachine implements Machine {
    private final List<String> ran = new ArrayList<>();
    private boolean superuser = true;
    private boolean started;
    private boolean stopped;
    private Duration answersAfter = Duration.ofDays(2);
    private String diesSaying = "";
    private Step afterInstall = () -> {};
    private int failures;
    private String complaint = "";
    private long clock;

    private URI socket() {
      return EngineLocator.socket(root.resolve("var/run/docker.sock"));
    }

    private void failInstalls(int times, String words) {
      failures = times;
      complaint = words;
    }

    private long starts() {
      return ran.stream().filter(line -> line.startsWith("start ")).count();
    }

    private Duration elapsed() {
      return Duration.ofNanos(clock);
    }

    @Override
    public Path root() {
      return root;
    }

    @Override
    public boolean superuser() {
      return superuser;
    }

    @Override
    public Path stateFolder() {
      return root.resolve("state");
    }

    @Override
    public Command.Result run(Duration deadline, Consumer<String> line, List<String> argv) {
      ran.add(String.join(" ", argv));
      try {
        if (argv.contains("install")) {
          afterInstall.run();
          if (failures-- > 0) {
            return new Command.Result(100, false, List.of("Reading", complaint));
          }
          dockerdInstalled();
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      started |= argv.contains("systemctl");
      return new Command.Result(0, false, List.of());
    }

    @Override
    public Daemon startDetached(List<String> argv, Path log) throws IOException {
      ran.add("start " + String.join(" ", argv));
      Files.writeString(log, diesSaying);
      started = true;
      return new Daemon() {
        @Override
        public long pid() {
          return 4711;
        }

        @Override
        public boolean alive() {
          return diesSaying.isEmpty();
        }

        @Override
        public void stop() {
          stopped = true;
        }
      };
    }

    @Override
    public Answer ask(URI address) {
      boolean untouched = answersAfter.equals(Duration.ofDays(2));
      boolean answers =
          diesSaying.isEmpty()
              && (untouched ? started : elapsed().compareTo(answersAfter) >= 0)
              && address.equals(socket());
      return answers
          ? new Answer(address, Optional.empty(), "")
          : new Answer(address, Optional.of(Problem.ABSENT), "there is no such socket");
    }

    @Override
    public long nanoTime() {
      return clock;
    }

    @Override
    public void pause(Duration time) {
      clock += time.toNanos();
    }
  }
}
