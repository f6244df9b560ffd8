package org.imagediet.diet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.imagediet.bases.Bases;
import org.imagediet.bases.FakeEngine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Layer;
import org.imagediet.image.PlainConfig;
import org.imagediet.observation.Behaviour;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Tradeoff;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A diet where there are no solutions to measure. */
class HandoutDietTest {

  @TempDir private Path root;
  private final FakeEngine engine = new FakeEngine();

  private Workbook handout() {
    return new Workbook(root);
  }

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private DietResult run(Track track) {
    engine.images.put(Probe.BASE, "sha256:1");
    return new Diet(handout(), engine, Bases.standard(engine), Progress.SILENT).run(List.of(track));
  }

  @Test
  @DisplayName("it measures the files of the three labs, a jib.yaml before a Dockerfile")
  void own() throws IOException {
    file("lab-02-distroless/java/Dockerfile", "FROM scratch");
    assertThat(recipes())
        .containsExactly(
            "naive lab-01-naive/java/Dockerfile",
            "distroless lab-02-distroless/java/Dockerfile",
            "scratch lab-03-scratch/java/Dockerfile");
    file("lab-02-distroless/java/jib.yaml", "");
    assertThat(recipes()).contains("distroless lab-02-distroless/java/jib.yaml");
  }

  @Test
  @DisplayName("where there are solutions it measures those")
  void solutions() throws IOException {
    file("solutions/pom.xml", "");
    assertThat(recipes()).hasSize(5).allMatch(recipe -> recipe.contains(" solutions/lab-0"));
  }

  @Test
  @DisplayName("an interpreter has no image on scratch")
  void python() throws IOException {
    assertThat(variants(Track.PYTHON)).containsExactly("naive", "distroless");
    assertThat(variants(Track.RUST)).containsExactly("naive", "distroless", "scratch");
    file("solutions/pom.xml", "");
    assertThat(variants(Track.PYTHON)).containsExactly("naive", "distroless");
    assertThat(variants(Track.RUST)).containsExactly("naive", "distroless", "scratch");
  }

  private List<String> variants(Track track) {
    return Reference.of(handout(), track).stream().map(Reference::variant).toList();
  }

  private List<String> recipes() {
    return Reference.of(handout(), Track.JAVA).stream()
        .map(reference -> reference.variant() + " " + reference.recipe())
        .toList();
  }

  @Test
  @DisplayName("what cannot be read is named with the reason, and needs no base image")
  void unreadable() throws IOException {
    file("lab-02-distroless/java/jib.yaml", "kind: Something\n");
    file("lab-03-scratch/java/Dockerfile", "FORM scratch\n");
    DietResult result = run(Track.JAVA);
    assertThat(result.measurements()).isEmpty();
    assertThat(result.failed()).hasSize(3);
    assertThat(result.failed().get(0))
        .isEqualTo(
            "The image java naive does not build: There is no file lab-01-naive/java/Dockerfile."
                + " `mvn test -pl lab-01-naive -Dtrack=java` says more.");
    assertThat(result.failed().get(1))
        .startsWith("The image java distroless does not build: jib.yaml: apiVersion must be");
    assertThat(result.failed().get(2))
        .startsWith("The image java scratch does not build: Dockerfile, line 1: ");
    assertThat(Diet.basesOf(handout(), List.of(Track.JAVA))).containsExactly(Probe.BASE);
  }

  @Test
  @DisplayName("what can be read has its base images seen to")
  void bases() throws IOException {
    file("lab-01-naive/go/Dockerfile", "FROM ubuntu:24.04\n");
    assertThat(Diet.basesOf(handout(), List.of(Track.GO)))
        .containsExactly(Probe.BASE, "ubuntu:24.04");
  }

  @Test
  @DisplayName("a solution that is not there is an incomplete workbook, and no student's mistake")
  void incomplete() throws IOException {
    file("solutions/pom.xml", "");
    assertThatThrownBy(() -> run(Track.GO))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith("The workbook is incomplete: ");
  }

  @Test
  @DisplayName("a wrong solution ends the diet")
  void wrongSolution() throws IOException {
    file("solutions/pom.xml", "");
    file("solutions/lab-01-naive/go/Dockerfile", "FORM scratch\n");
    assertThatThrownBy(() -> run(Track.GO))
        .isInstanceOf(DietException.class)
        .hasMessageStartingWith("The image go naive does not build: Dockerfile, line 1: ");
  }

  @Test
  @DisplayName("the report says whose images these are, and what failed, in every form")
  void report() {
    DietReport report =
        new DietReport(result(true, List.of("The image go naive\u001b[2J fails."), "scratch"));
    for (String text : List.of(report.console(), report.markdown())) {
      assertThat(text)
          .contains("Measured: your own images, since a handout has no solutions.\n")
          .contains("Not measured: The image go naive?[2J fails.\n");
    }
    assertThat(report.json().path("own").asBoolean()).isTrue();
    assertThat(report.json().path("failed").path(0).asText())
        .isEqualTo("The image go naive?[2J fails.");
  }

  @Test
  @DisplayName("without a naive image there is nothing to be smaller than")
  void ratio() {
    assertThat(new DietReport(result(true, List.of(), "scratch")).console())
        .containsPattern("go scratch +2.00 MB +1.00 MB +0.00 MB +- ");
    assertThat(new DietReport(result(true, List.of(), "naive", "scratch")).console())
        .containsPattern("go scratch +2.00 MB +1.00 MB +0.00 MB +1.0x ");
  }

  @Test
  @DisplayName("with nothing measured there is no table")
  void nothing() {
    assertThat(new DietReport(result(true, List.of("It fails."))).console())
        .isEqualTo(
            """

            Measured: your own images, since a handout has no solutions.
            Engine: fake.
            Not measured: It fails.
            """);
  }

  @Test
  @DisplayName("of the solutions nothing of this is said")
  void reference() {
    DietReport report = new DietReport(result(false, List.of(), "naive"));
    assertThat(report.console()).doesNotContain("Measured:", "own");
    assertThat(report.json().path("own").asBoolean()).isFalse();
  }

  @Test
  @DisplayName("a track without an image on scratch has a row that says so, and a reason")
  void withoutScratch() {
    DietResult python = run(Track.PYTHON);
    assertThat(python.notes())
        .contains(
            "Left out: python scratch, since an interpreter and what it loads are most of a system.");
    assertThat(run(Track.RUST).leftOut()).isEmpty();
    assertThat(new DietReport(result(true, List.of(), Track.PYTHON, "naive")).console())
        .containsPattern("python naive +2.00 MB .*\npython scratch +none( +-){9}\n");
    assertThat(new DietReport(result(true, List.of(), Track.RUST, "naive")).console())
        .doesNotContain("rust scratch");
  }

  private static DietResult result(boolean own, List<String> failed, String... variants) {
    return result(own, failed, Track.GO, variants);
  }

  private static DietResult result(
      boolean own, List<String> failed, Track track, String... variants) {
    List<Measurement> measurements =
        List.of(variants).stream().map(variant -> measurement(track, variant)).toList();
    return new DietResult(own, List.of(), "fake", measurements, List.of(), failed);
  }

  private static Measurement measurement(Track track, String variant) {
    Layer layer =
        new Layer(
            0,
            "sha256:0",
            "tar",
            "",
            OptionalLong.of(1_000_000),
            2_000_000,
            List.of(),
            List.of(),
            List.of());
    Map<Tradeoff, Observation> seen = new EnumMap<>(Tradeoff.class);
    for (Tradeoff tradeoff : Tradeoff.values()) {
      seen.put(tradeoff, Observation.works("yes"));
    }
    return new Measurement(
        new Reference(track, variant, Path.of("Dockerfile"), false),
        new ContainerImage("", "sha256:0", PlainConfig.silent(), List.of(layer)),
        new Behaviour(0, Duration.ZERO, seen));
  }
}
