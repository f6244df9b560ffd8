package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.imagediet.bases.Bases;
import org.imagediet.budget.Base;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.Budget;
import org.imagediet.budget.BudgetFile;
import org.imagediet.budget.BudgetReport;
import org.imagediet.budget.BudgetVerdict;
import org.imagediet.budget.Growth;
import org.imagediet.budget.SizeKind;
import org.imagediet.budget.SizeVerdict;
import org.imagediet.budget.Snapshot;
import org.imagediet.diet.Diet;
import org.imagediet.diet.Measurement;
import org.imagediet.engine.BuildRequest;
import org.imagediet.engine.BuildResult;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.Progress;
import org.imagediet.image.ContainerImage;
import org.imagediet.observation.Tradeoff;
import org.imagediet.workbook.BuildContext;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference images keep what the workbook promises of them. */
class ReferenceImagesTest {

  private static final Workbook WORKBOOK = Workbook.find();
  private static final Path SOLUTIONS = WORKBOOK.root().resolve("solutions");

  private static Engine engine;
  private static Map<String, Measurement> images;
  private static List<Base> bases;
  private static Baseline baseline;

  @BeforeAll
  static void measure() {
    engine = Engines.connect();
    Bases known = Bases.standard(engine);
    // Nothing is promised of what a registry would send of the large ones.
    Diet diet =
        new Diet(
            WORKBOOK,
            engine,
            known,
            Progress.SILENT,
            reference -> !reference.variant().equals("naive"));
    images =
        diet.run(WORKBOOK.tracks()).measurements().stream()
            .collect(Collectors.toMap(m -> m.reference().imageName(), m -> m));
    bases = new ArrayList<>(List.of(Base.SCRATCH));
    bases.addAll(Base.of(known.localLayers()));
    baseline = Baseline.read(SOLUTIONS.resolve("baseline.json"));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static Measurement image(String name) {
    return Optional.ofNullable(images.get("three-image-diet/" + name)).orElseThrow();
  }

  private static long unpacked(String name) {
    return image(name).image().sizes().unpackedBytes();
  }

  @ParameterizedTest
  @DisplayName("each small image keeps its budget, and a base that grew is not its fault")
  @CsvSource({
    "go:distroless",
    "go:scratch",
    "java:distroless",
    "java:distroless-jlink",
    "java:scratch",
    "python:distroless",
    "rust:distroless",
    "rust:scratch",
  })
  void budget(String name) {
    Snapshot before = baseline.find(name).orElseThrow();
    ContainerImage image = image(name).image();
    Budget budget = BudgetFile.read(SOLUTIONS.resolve("budget.yaml")).of(name).budget();
    BudgetVerdict verdict = BudgetVerdict.of(name, before, image, Base.find(image, bases), budget);
    long own = before.unpackedBytes() + verdict.blame().base().ownBytes();
    // The sizes of another architecture's programs were not measured.
    boolean grew =
        image.platform().equals(before.platform())
            && budget
                .judge(new Growth(SizeKind.UNPACKED, before.unpackedBytes(), own))
                .growthBroken();
    boolean large = verdict.sizes().stream().anyMatch(SizeVerdict::ceilingBroken);
    assertThat(grew || large).as(new BudgetReport(List.of(verdict), List.of()).console()).isFalse();
  }

  @Test
  @DisplayName("the scratch image of Rust has at most two megabytes")
  void rust() {
    assertThat(unpacked("rust:scratch")).isLessThanOrEqualTo(2_000_000);
  }

  @Test
  @DisplayName("the naive Go image is at least eighty times the scratch image")
  void ratio() {
    assertThat(unpacked("go:naive")).isGreaterThanOrEqualTo(80 * unpacked("go:scratch"));
  }

  @ParameterizedTest
  @DisplayName(
      "each small image runs as 65532, locked down, without a shell and gives up nothing else")
  @CsvSource({
    "go:distroless",
    "go:scratch",
    "java:distroless",
    "java:distroless-jlink",
    "java:scratch",
    "python:distroless",
    "rust:distroless",
    "rust:scratch",
  })
  void behaviour(String name) {
    Measurement image = image(name);
    assertThat(image.behaviour().uid()).isEqualTo(65532);
    assertThat(image.image().shells()).isEmpty();
    assertThat(image.image().hiddenPrograms()).isEmpty();
    assertThat(image.image().packageManagers()).isEmpty();
    assertThat(image.image().compilers()).isEmpty();
    assertThat(image.image().setuid()).isEmpty();
    assertThat(image.behaviour().tradeoffs())
        .hasSize(Tradeoff.values().length)
        .allSatisfy(
            (tradeoff, seen) ->
                assertThat(seen.works())
                    .as(tradeoff.title() + ": " + seen.evidence())
                    .isEqualTo(
                        tradeoff != Tradeoff.SHELL
                            && (tradeoff != Tradeoff.TLS
                                || image.reference().track().speaksTls())));
  }

  @ParameterizedTest
  @DisplayName("each naive image has a shell, runs as root and dies at the end of the grace period")
  @CsvSource({"go:naive", "java:naive", "python:naive", "rust:naive"})
  void naive(String name) {
    Measurement image = image(name);
    assertThat(image.behaviour().uid()).isZero();
    assertThat(image.image().shells()).isNotEmpty();
    assertThat(image.image().setuid()).isNotEmpty();
    assertThat(image.behaviour().tradeoffs().get(Tradeoff.SHELL).works()).isTrue();
    assertThat(image.behaviour().tradeoffs().get(Tradeoff.GRACEFUL_STOP).works()).isFalse();
  }

  @Test
  @DisplayName("no image ships the builder's private certificate authorities")
  void noPrivateAuthorities() {
    List<String> published =
        image("java:distroless").image().trustStores().stream()
            .flatMap(store -> store.fingerprints().stream())
            .toList();
    for (String name :
        List.of(
            "go:distroless",
            "go:scratch",
            "java:distroless-jlink",
            "java:scratch",
            "python:distroless",
            "rust:distroless")) {
      assertThat(image(name).image().trustStores())
          .isNotEmpty()
          .allSatisfy(store -> assertThat(published).containsAll(store.fingerprints()));
    }
  }

  @Test
  @DisplayName(
      "the Python image compiles nothing when it starts: of all that it imports it has byte code")
  void byteCode() {
    String uncompiled =
        """
        import os, sys, service.main
        specs = [m.__spec__ for m in sys.modules.values() if getattr(m, "__spec__", None)]
        cached = [spec.cached for spec in specs if spec.cached]
        print(len(cached) > 50, [path for path in cached if not os.path.exists(path)])
        """;
    try (Container container =
        engine.create(ContainerSpec.image("three-image-diet/python:distroless").build())) {
      assertThat(container.start()).isEmpty();
      List<String> command = List.of("/usr/bin/python3", "-c", uncompiled);
      assertThat(container.execute(command, Duration.ofSeconds(20)).output().strip())
          .isEqualTo("True []");
    }
  }

  @Test
  @DisplayName("a failing test keeps the jlink image from being built; no lab's solution is that")
  void testStageGates() throws IOException {
    Path dockerfile = SOLUTIONS.resolve("lab-02-distroless/java/Dockerfile");
    String tag = "three-image-diet/gate:java";
    String words = "planted-" + System.nanoTime();
    try (BuildContext context = BuildContext.of(WORKBOOK.service(Track.JAVA), dockerfile)) {
      Files.writeString(
          context.path().resolve("src/test/java/org/imagediet/service/PlantedTest.java"),
          """
          package org.imagediet.service;

          final class PlantedTest {
            void planted() {
              throw new AssertionError("%s");
            }
          }
          """
              .formatted(words));
      BuildResult result =
          ImageBuilder.choose(engine).build(BuildRequest.of(context.path(), tag), line -> {});
      assertThat(result.succeeded()).isFalse();
      assertThat(String.join("\n", result.lastLines())).contains(words);
    } finally {
      engine.untag(tag);
    }
  }
}
