package org.imagediet.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.EngineUnderTest;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.image.ContainerImage;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;
import org.imagediet.probe.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileServiceIT {

  private static final String BUSYBOX = "gcr.io/distroless/static-debian13:debug";

  /** Has the trust store that the Java image has too, and reads in no time. */
  private static final String STORE = "gcr.io/distroless/static-debian13:nonroot";

  private static final Service.Patience LITTLE =
      new Service.Patience(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(5));

  private static Engine engine;
  private static Probe probe;
  private static ContainerImage store;

  private long before;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.withBases(Probe.BASE, BUSYBOX, STORE);
    probe = Probe.start(engine, Probe.BASE);
    store = EngineUnderTest.image(engine, STORE);
  }

  @AfterAll
  static void stop() {
    probe.close();
    engine.close();
  }

  @BeforeEach
  void clock() {
    before = System.nanoTime();
  }

  /** Whatever it did took little time, and the next service is served as well. */
  @AfterEach
  void nothingIsLeft() {
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMinutes(2));
    try (Container next = hostile("learns", spec -> spec)) {
      Service service = Service.start(probe, next, 8080);
      assertThat(service.fetch(Server.GOOD).found()).isTrue();
      assertThat(service.fetch(Server.GOOD).accepted()).isTrue();
    }
  }

  private static Container hostile(String way, UnaryOperator<ContainerSpec.Builder> options) {
    long size = store.trustStores().get(0).content().length;
    Container container =
        probe.create(
            options.apply(
                ContainerSpec.image(Probe.BASE)
                    .entrypoint(
                        "/usr/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        "/hostile",
                        HostileService.class.getName(),
                        way,
                        Long.toString(size))));
    container.copyIn("/", program());
    return container;
  }

  private static ByteArrayInputStream program() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Class<?> type : HostileService.class.getNestMembers()) {
        String path = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getResourceAsStream("/" + path)) {
          byte[] content = in.readAllBytes();
          TarArchiveEntry entry = new TarArchiveEntry("hostile/" + path);
          entry.setSize(content.length);
          tar.putArchiveEntry(entry);
          tar.write(content);
          tar.closeArchiveEntry();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static Container busybox(String... argv) {
    return probe.create(ContainerSpec.image(BUSYBOX).entrypoint(argv));
  }

  private static Observer observer(String way, UnaryOperator<ContainerSpec.Builder> options) {
    return new Observer(
        probe, store, asked -> hostile(way, spec -> options.apply(asked.apply(spec))));
  }

  private static void assertNoAnswer(Container container, String reason) {
    try (container) {
      assertThatThrownBy(() -> Service.start(probe, container, 8080, LITTLE))
          .isInstanceOf(NoAnswerException.class)
          .hasMessageContaining(reason);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"silent", "deaf"})
  @DisplayName("one that never listens, or listens and never answers, is given up")
  void noAnswer(String way) {
    assertNoAnswer(hostile(way, spec -> spec), "it does not answer on port 8080: ");
  }

  @Test
  @DisplayName("one that has ended is not waited for")
  void exits() {
    try (Container container = hostile("exits", spec -> spec)) {
      Service.Patience much =
          new Service.Patience(
              Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofMinutes(5));
      assertThatThrownBy(() -> Service.start(probe, container, 8080, much))
          .isInstanceOf(NoAnswerException.class)
          .hasMessageContaining("it ended with exit code 3; it wrote: good bye");
    }
  }

  @Test
  @DisplayName("slow answers do not add up")
  void slow() {
    try (Container container = hostile("drips", spec -> spec)) {
      Service.Patience patience =
          new Service.Patience(
              Duration.ofSeconds(60), Duration.ofSeconds(2), Duration.ofSeconds(5));
      Service service = Service.start(probe, container, 8080, patience);
      long served = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        assertThat(service.ask("GET", i % 2 == 0 ? "/drip" : "/deaf").ok()).isFalse();
        assertThat(service.ask("GET", "/drip").problem()).startsWith("no answer: ");
      }
      assertThat(service.ask("GET", "/healthz").problem())
          .contains("together took longer than 5 s");
      // Each of the 41 may take two seconds.
      assertThat(Duration.ofNanos(System.nanoTime() - served)).isLessThan(Duration.ofSeconds(40));
    }
  }

  @Test
  @DisplayName("of a body without an end 64 KiB are read, of headers without an end no more")
  void endless() {
    try (Container container = hostile("headers", spec -> spec)) {
      Service.start(probe, container, 8080);
      Duration time = Duration.ofSeconds(5);
      assertThat(probe.ask(8080, "GET", "/endless", time).body()).hasSize(64 << 10);
      assertThatThrownBy(() -> probe.ask(8081, "GET", "/", time))
          .isInstanceOf(NoAnswerException.class);
      assertThat(probe.ask(8080, "GET", "/healthz", time).body()).isEqualTo("ok");
    }
  }

  @Test
  @DisplayName("a log without an end is cut")
  void log() {
    try (Container container = hostile("floods", spec -> spec)) {
      Service service = Service.start(probe, container, 8080);
      assertThat(service.ask("GET", "/about").ok()).isTrue();
      assertThat(container.log()).hasSizeBetween(1000, 16 << 10);
    }
  }

  @Test
  @DisplayName("processes without an end stop at the limit")
  void forks() {
    try (Container container = hostile("forks", spec -> spec)) {
      assertThat(container.start()).isEmpty();
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!container.log().contains("stopped at") && System.nanoTime() < end) {
        LockSupport.parkNanos(50_000_000);
      }
      assertThat(container.log()).containsPattern("stopped at [12]?\\d?\\d threads");
    }
  }

  @Test
  @DisplayName("one that takes too much memory is killed, and that is said")
  void memory() {
    assertNoAnswer(
        busybox("/busybox/dd", "if=/dev/zero", "of=/dev/null", "bs=900M"),
        "it was killed, since it used more than 512 MB of memory");
  }

  @Test
  @DisplayName("one that fills the disk is killed, and that is said")
  void disk() {
    try (Container container =
        busybox("/busybox/sh", "-c", "dd if=/dev/zero of=/full bs=1M count=4000; sleep 60")) {
      assertThatThrownBy(() -> Service.start(probe, container, 8080))
          .isInstanceOf(NoAnswerException.class)
          .hasMessageContaining("it was killed, since it wrote more than 1000 MB");
    }
  }

  @Test
  @DisplayName("one that does not listen to SIGTERM is killed after the grace")
  void ignoresTerm() {
    try (Container container =
        busybox("/busybox/sh", "-c", "trap '' TERM; echo deaf; while true; do sleep 1; done")) {
      assertThat(container.startAndSays("deaf", Duration.ofMinutes(1))).isTrue();
      Container.Stopped stopped = container.stop(Duration.ofSeconds(1));
      assertThat(stopped.exitCode()).isEqualTo(137);
      assertThat(stopped.took()).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  @DisplayName("who it runs as is the kernel's word and not its own")
  void lies() {
    AsItIs seen = observer("lies", spec -> spec.user("0:0")).asItIs();
    assertThat(seen.uid()).isZero();
    assertThat(seen.processes().get(0).gids()).contains(0);
  }

  @Test
  @DisplayName("root that kills who looks at its processes has none that were seen")
  void kills() {
    Observer observer = observer("kills", spec -> spec.user("0:0"));
    assertThatThrownBy(observer::asItIs)
        .isInstanceOf(NoAnswerException.class)
        .hasMessageMatching("its processes (cannot|could not) be read.*");
  }

  @Test
  @DisplayName("it cannot take the probe's ports")
  void ports() {
    try (Container container = hostile("steals", spec -> spec.user("0:0"))) {
      Service service = Service.start(probe, container, 8080);
      String said = service.ask("GET", "/stolen").answer().orElseThrow().body();
      // Four TLS servers, a name server and its own.
      assertThat(said).matches("seen ([6-9]|\\d\\d), stolen \\[]");
    }
  }

  @Test
  @DisplayName("a crowd of connections hides none that mattered")
  void crowd() {
    try (Container container = hostile("crowds", spec -> spec)) {
      Service service = Service.start(probe, container, 8080);
      assertThatThrownBy(() -> service.fetch(Server.GOOD))
          .isInstanceOf(NoAnswerException.class)
          .hasMessageContaining("more than 500 connections");
    }
  }

  @Test
  @DisplayName("trust that goes by the size of the trust store betrays itself")
  void trustsBySize() {
    Observer observer = observer("trusts-by-size", spec -> spec);
    assertThat(observer.asItIs().strangers().works()).isFalse();
    assertThat(observer.trusting().firstServer().works()).isTrue();
    assertThat(observer.rootless().works()).isTrue();
    assertThat(observer.trusting().wrongServers().values()).noneMatch(Observation::works);
  }

  @Test
  @DisplayName("trust that is learnt at the first meeting is seen at the second")
  void learns() {
    assertThat(observer("learns", spec -> spec).asItIs().strangers().works()).isTrue();
  }
}
