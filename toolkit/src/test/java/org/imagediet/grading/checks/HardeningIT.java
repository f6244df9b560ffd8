package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.imagediet.EngineUnderTest;
import org.imagediet.compose.ComposeFile;
import org.imagediet.engine.BuildRequest;
import org.imagediet.engine.Engine;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.jib.JibBuild;
import org.imagediet.grading.FailedEarlier;
import org.imagediet.grading.Outcome;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.observation.Composed;
import org.imagediet.observation.Observer;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.BuildContext;
import org.imagediet.workbook.JavaClasses;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java service, run as several compose files say. */
class HardeningIT {

  private static final String NAME =
      "three-image-diet/hardening-it:" + ProcessHandle.current().pid();
  private static final String WITH_VOLUME = NAME + "-volume";
  private static final String WITH_HEALTH_CHECK = NAME + "-health";

  private static final String HEALTH =
      "[CMD, /usr/bin/java, -cp, /app, org.imagediet.service.Main, -health]";
  private static final String HARDENED =
      """
      services:
        web:
          build: .
          ports: ["8080:8080"]
          user: "65532:65532"
          read_only: true
          cap_drop: [ALL]
          security_opt: [no-new-privileges:true]
          tmpfs: /tmp:size=16m
          mem_limit: 256m
          pids_limit: 100
          cpus: 0.75
          healthcheck:
            test: %s
            interval: 1s
      """
          .formatted(HEALTH);

  private static Engine engine;
  private static Probe probe;

  @TempDir private static Path folder;

  @BeforeAll
  static void build() throws IOException {
    engine = EngineUnderTest.withBases(Probe.BASE);
    probe = Probe.start(engine, Probe.BASE);
    Workbook workbook = Workbook.find();
    Path recipe = workbook.root().resolve("solutions/lab-02-distroless/java/jib.yaml");
    try (BuildContext context = BuildContext.of(workbook.service(Track.JAVA), recipe)) {
      JavaClasses.compile(context.path());
      String yaml = Files.readString(recipe);
      new JibBuild(engine).build(yaml, context.path(), NAME);
      new JibBuild(engine).build(yaml + "volumes: [/data]\n", context.path(), WITH_VOLUME);
    }
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM %s\nHEALTHCHECK --interval=1s CMD %s\n"
            .formatted(
                NAME, HEALTH.replace("[CMD, ", "[\"").replace(", ", "\", \"").replace("]", "\"]")));
    ImageBuilder.choose(engine).build(BuildRequest.of(folder, WITH_HEALTH_CHECK), line -> {});
  }

  @AfterAll
  static void remove() {
    engine.untag(WITH_HEALTH_CHECK);
    engine.untag(WITH_VOLUME);
    engine.untag(NAME);
    probe.close();
    engine.close();
  }

  private static ContainerImage image(String name) {
    return EngineUnderTest.image(engine, name);
  }

  private static Composed run(String name, String compose) {
    return new Observer(probe, name, image(name)).composed(ComposeFile.parse(compose));
  }

  private static void passes(Verdict verdict, String... texts) {
    for (String text : texts) {
      assertThat(verdict.measured()).contains(text);
    }
    assertThat(verdict.outcome()).isEqualTo(Outcome.PASS);
  }

  private static void fails(Verdict verdict, String... texts) {
    for (String text : texts) {
      assertThat(verdict.measured()).contains(text);
    }
    assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(verdict.next()).isNotBlank();
  }

  @Test
  @DisplayName("a hardened service passes, by what the kernel says of it")
  void hardened() {
    Composed composed = run(NAME, HARDENED);
    passes(Hardening.nonrootUid(image(NAME), 0, composed), "65532");
    passes(Hardening.readOnlyRootfs(composed), "/tmp");
    passes(Hardening.noCapabilities(composed), "CapBnd");
    passes(Hardening.noNewPrivileges(composed));
    passes(
        Hardening.limits(composed, Map.of("memory", 256, "pids", 100, "cpus", 1)),
        "256 MiB",
        "100",
        "0.75");
    passes(Hardening.healthcheck(composed), "exits with 1");
    passes(Hardening.gracefulStop(image(NAME), composed), "SIGTERM", "exit code 0");
    assertThat(composed.running().confinement().limits()).isPresent();
    assertThat(composed.service().ignored()).containsExactly("build", "ports");
  }

  @Test
  @DisplayName("a service that asks for nothing gets nothing")
  void plain() {
    Composed composed = run(NAME, "services: {app: {image: x}}\n");
    passes(Hardening.nonrootUid(image(NAME), 0, composed));
    fails(Hardening.readOnlyRootfs(composed), "may be written to");
    fails(Hardening.noCapabilities(composed), "CapBnd", "CHOWN", "more");
    fails(Hardening.noNewPrivileges(composed), "NoNewPrivs 0");
    fails(
        Hardening.limits(composed, Map.of()),
        "memory: no limit in the file; the 512 MiB",
        "processes: no limit in the file; the 256",
        "processors: no limit, neither");
    fails(Hardening.healthcheck(composed), "no health check");
    passes(Hardening.gracefulStop(image(NAME), composed));
  }

  @Test
  @DisplayName("half-hearted hardening fails where it is half-hearted")
  void half() {
    Composed composed =
        run(
            NAME,
            """
            services:
              app:
                user: "0:0"
                read_only: true
                cap_drop: [ALL]
                cap_add: [NET_BIND_SERVICE]
                mem_limit: 1g
                pids_limit: 300
                cpus: "2"
                stop_signal: SIGKILL
                healthcheck: {test: "java -version", interval: 1s}
            """);
    fails(Hardening.nonrootUid(image(NAME), 0, composed), "user id 0");
    fails(Hardening.readOnlyRootfs(composed), "temporary file", "ead-only");
    fails(Hardening.noCapabilities(composed), "CapBnd 0000000000000400: NET_BIND_SERVICE");
    fails(
        Hardening.limits(composed, Map.of("memory", 256)),
        "memory: 1024 MiB, more than the lab's 256 MiB",
        "processes: the control group has 256",
        "processors: the control group has 1");
    fails(Hardening.healthcheck(composed), "does not find it healthy", "/bin/sh");
    fails(Hardening.gracefulStop(image(NAME), composed), "SIGKILL", "lost", "exit code 137");
  }

  @Test
  @DisplayName("a volume of the image is a place to write to, whatever the file says")
  void volume() {
    fails(Hardening.readOnlyRootfs(run(WITH_VOLUME, HARDENED)), "/data");
  }

  @Test
  @DisplayName("a health check that is well without a service is none")
  void blind() {
    fails(
        Hardening.healthcheck(
            run(NAME, HARDENED.replace(HEALTH, "[CMD, /usr/bin/java, -version]"))),
        "exits with 0 where no service runs");
  }

  @Test
  @DisplayName("a health check once in an hour is not waited for")
  void seldom() {
    fails(Hardening.healthcheck(run(NAME, HARDENED.replace("1s", "1h"))), "once in 3600 s");
  }

  @Test
  @DisplayName("the image's own health check counts, unless it is switched off")
  void imagesOwn() {
    passes(Hardening.healthcheck(run(WITH_HEALTH_CHECK, "services: {app: {}}")));
    fails(
        Hardening.healthcheck(
            run(WITH_HEALTH_CHECK, "services: {app: {healthcheck: {disable: true}}}")),
        "switched off");
  }

  @Test
  @DisplayName("a service that does not answer that way blocks the checks on how it runs")
  void silent() {
    Composed composed = run(NAME, HARDENED + "    command: [org.imagediet.service.Main, -x]\n");
    FailedEarlier failed =
        catchThrowableOfType(FailedEarlier.class, () -> Hardening.noCapabilities(composed));
    assertThat(failed.check()).isEqualTo("serves");
    fails(failed.verdict(), "run as compose.yaml says", "the only argument is -health");
  }
}
