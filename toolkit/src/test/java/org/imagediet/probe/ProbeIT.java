package org.imagediet.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.imagediet.EngineUnderTest;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.ResourceLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProbeIT {

  private static final String BUSYBOX = "gcr.io/distroless/static-debian13:debug-nonroot";
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Engine engine;
  private static Probe probe;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.withBases(Probe.BASE, BUSYBOX);
    probe = Probe.start(engine, Probe.BASE);
  }

  @AfterAll
  static void stop() {
    probe.close();
    engine.close();
  }

  /** The JDK's own file server is service enough. */
  private static ContainerSpec.Builder fileServer() {
    return ContainerSpec.image(Probe.BASE)
        .entrypoint(
            "/usr/bin/java", "-m", "jdk.httpserver", "-p", "8080", "-b", "127.0.0.1", "-d", "/");
  }

  @Test
  @DisplayName("waits for the first healthy answer and asks for more")
  void answers() {
    try (Container service = probe.create(fileServer())) {
      assertThat(service.start()).isEmpty();
      assertThat(probe.awaitOk(service, 8080, "/", SOON)).isEmpty();
      assertThat(probe.ask(8080, "GET", "/no-such-file", SOON).status()).isEqualTo(404);
      assertThat(probe.ask(8080, "GET", "/", SOON).body()).contains("<html");
    }
  }

  @Test
  @DisplayName("says what it saw when nothing answers")
  void nobody() {
    try (Container silent = probe.create(busybox("sleep", "60"))) {
      silent.start();
      assertThat(probe.awaitOk(silent, 8080, "/", Duration.ofMillis(500)))
          .hasValueSatisfying(seen -> assertThat(seen).doesNotContain("ended"));
    }
    assertThatThrownBy(() -> probe.ask(8080, "GET", "/", Duration.ofSeconds(1)))
        .isInstanceOf(NoAnswerException.class);
  }

  @Test
  @DisplayName("does not wait for a program that has ended")
  void ended() {
    try (Container gone = probe.create(busybox("true"))) {
      gone.start();
      assertThat(probe.awaitOk(gone, 8080, "/", Duration.ofDays(1)))
          .hasValue("it ended with exit code 0");
    }
  }

  @Test
  @DisplayName("reads user, capabilities and privileges from the running process")
  void processes() {
    try (Container service = probe.create(fileServer().unprivileged())) {
      service.start();
      List<ProcessState> processes = probe.processes(service);
      assertThat(processes).hasSize(1);
      ProcessState java = processes.get(0);
      assertThat(java.uids()).hasSize(4).containsOnly(65532);
      assertThat(java.gids()).containsOnly(65532);
      assertThat(java.bounding()).isEqualTo(BigInteger.ZERO);
      assertThat(java.noNewPrivileges()).isTrue();
    }
    try (Container service = probe.create(fileServer().user("0:0"))) {
      service.start();
      ProcessState java = probe.processes(service).get(0);
      assertThat(java.root()).isTrue();
      assertThat(java.bounding()).isNotEqualTo(BigInteger.ZERO);
      assertThat(java.noNewPrivileges()).isFalse();
    }
  }

  @Test
  @DisplayName("reads mounts and limits from the kernel, and they are those that the engine set")
  void confinement() {
    try (Container service =
        probe.create(
            fileServer()
                .readOnly()
                .tmpfs("/tmp", "")
                .memoryBytes(100 << 20)
                .processes(60)
                .nanoCpus(250_000_000))) {
      service.start();
      Confinement confinement = probe.confinement(service);
      assertThat(confinement.processes()).hasSize(1);
      assertThat(confinement.mount("/")).get().extracting(Mount::writable).isEqualTo(false);
      assertThat(confinement.mount("/tmp")).contains(new Mount("/tmp", "tmpfs", true, false));
      assertThat(confinement.limits()).contains(service.limits());
      assertThat(service.limits())
          .isEqualTo(
              new ResourceLimits(
                  OptionalLong.of(100 << 20), OptionalLong.of(60), OptionalLong.of(250_000_000)));
    }
    try (Container service = probe.create(fileServer())) {
      service.start();
      Confinement confinement = probe.confinement(service);
      assertThat(confinement.mount("/")).get().extracting(Mount::writable).isEqualTo(true);
      assertThat(confinement.limits()).contains(service.limits());
      assertThat(service.limits().nanoCpus()).isEmpty();
    }
  }

  @Test
  @DisplayName("gives the image no way out")
  void noWayOut() {
    try (Container service = probe.create(busybox("sleep", "60"))) {
      service.start();
      Container.Executed devices = service.execute(List.of("/busybox/cat", "/proc/net/dev"), SOON);
      assertThat(devices.output().lines().filter(line -> line.contains(":")))
          .hasSize(1)
          .allMatch(line -> line.strip().startsWith("lo:"));
      Container.Executed outside =
          service.execute(List.of("/busybox/wget", "-T", "2", "-O-", "http://192.0.2.1/"), SOON);
      assertThat(outside.exitCode()).hasValue(1);
      assertThat(outside.output()).contains("unreachable");
    }
  }

  @Test
  @DisplayName("tells names of its own domain from all others")
  void names() {
    try (Container service = probe.create(busybox("sleep", "60"))) {
      service.start();
      probe.namesAsked();
      String ours = "x." + probe.domain();
      assertThat(service.execute(List.of("/busybox/nslookup", ours), SOON).output())
          .contains("127.0.0.1");
      assertThat(service.execute(List.of("/busybox/nslookup", "example.com"), SOON).output())
          .contains("NXDOMAIN");
      assertThat(probe.namesAsked()).contains(ours, "example.com");
    }
  }

  @Test
  @DisplayName("reads 64 KiB of an answer that never ends")
  void endless() {
    try (Container service =
        probe.create(
            busybox("nc", "-ll", "-p", "8080", "-e", "/busybox/yes", "HTTP/1.0 200 OK\r\n\r\n"))) {
      service.start();
      assertThat(probe.awaitOk(service, 8080, "/", SOON)).isEmpty();
      assertThat(probe.ask(8080, "GET", "/", SOON).body()).hasSize(64 << 10);
    }
  }

  private static ContainerSpec.Builder busybox(String... argv) {
    List<String> all = new ArrayList<>(List.of("/busybox/busybox"));
    all.addAll(List.of(argv));
    return ContainerSpec.image(BUSYBOX).entrypoint(all.toArray(String[]::new));
  }

  @Test
  @DisplayName("stops a container and tells exit code and time")
  void stops() {
    try (Container service = probe.create(fileServer())) {
      service.start();
      assertThat(probe.awaitOk(service, 8080, "/", SOON)).isEmpty();
      Container.Stopped stopped = service.stop(Duration.ofSeconds(30));
      assertThat(stopped.exitCode()).isEqualTo(143);
      assertThat(stopped.took()).isLessThan(Duration.ofSeconds(30));
      assertThat(service.running()).isFalse();
    }
  }

  @Test
  @DisplayName("tells in the engine's words why a container does not start")
  void doesNotStart() {
    try (Container service =
        probe.create(ContainerSpec.image(Probe.BASE).entrypoint("/no/such/program"))) {
      Optional<String> reason = service.start();
      assertThat(reason).hasValueSatisfying(text -> assertThat(text).contains("/no/such/program"));
    }
  }
}
