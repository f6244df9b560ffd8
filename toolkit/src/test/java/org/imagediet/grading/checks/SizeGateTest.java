package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.budget.Base;
import org.imagediet.budget.BudgetFile;
import org.imagediet.budget.Snapshot;
import org.imagediet.grading.Outcome;
import org.imagediet.grading.Verdict;
import org.imagediet.image.Layer;
import org.imagediet.workflow.PlantedImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeGateTest {

  private static final long SIZE = 10_000_000;
  private static final String STATIC = "gcr.io/distroless/static-debian13:nonroot";

  private static PlantedImage on(long baseBytes, String architecture) {
    return PlantedImage.named("app:ci", architecture)
        .ballast("the base", "/usr/share/zoneinfo", baseBytes);
  }

  private static PlantedImage image(long baseBytes, long ownBytes) {
    return on(baseBytes, "amd64").layer("COPY /app /app", Map.of("/app", ownBytes));
  }

  private static Base base(String name, long bytes) {
    return new Base(name, on(bytes, "amd64").read().layers().stream().map(Layer::diffId).toList());
  }

  private static Snapshot before(PlantedImage image, Base... bases) {
    return Snapshot.of(image.read(), Base.find(image.read(), List.of(bases)));
  }

  private static Optional<Verdict> toothless(String yaml) {
    Snapshot before = before(image(2_000_000, SIZE - 2_000_000));
    return SizeGate.toothless(
        BudgetFile.parse(yaml, "budget.yaml").of("app").budget(), before, SIZE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{max-growth: 5%, ceiling: 20MB}",
        "{max-growth: 0%, floor: 500kB, ceiling: 10MB}",
        "{ceiling: 1GB, images: {app: {ceiling: 12MB}}}",
        "{ceiling: 12MB, sizes: both}",
      })
  @DisplayName("limits that something can reach have teeth")
  void teeth(String yaml) {
    assertThat(toothless(yaml)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-growth: 5% | there is no ceiling",
        "{max-growth: 5.01%, ceiling: 12MB} | max-growth is 5.01 %",
        "{floor: 500001B, ceiling: 12MB} | growth of 500.0 kB always passes",
        "{ceiling: 20000001B} | the ceiling is 20.0 MB, 2.0 times the image",
        "{ceiling: 9999999B} | the image is 10.0 MB already",
        "{ceiling: 12MB, sizes: transfer} | only the transfer size is compared",
        "{ceiling: 12MB, images: {other: {ceiling: 1GB}, app: {max-growth: 6%}}} | max-growth is 6 %",
      })
  @DisplayName("limits that let through what they should not are told with the numbers")
  void noTeeth(String yaml, String says) {
    assertThat(toothless(yaml).map(Verdict::measured).orElse("")).contains(says);
  }

  @Test
  @DisplayName("a size that is to be compared must be in the baseline")
  void missingSize() {
    PlantedImage image = image(2_000_000, SIZE - 2_000_000);
    Snapshot before =
        Snapshot.of(
            ImageArchive.read(new ByteArrayInputStream(image.archive()), ReadOptions.defaults()),
            Optional.empty());
    assertThat(
            SizeGate.toothless(
                    BudgetFile.parse("{ceiling: 12MB, sizes: both}", "budget.yaml")
                        .of("app")
                        .budget(),
                    before,
                    SIZE)
                .map(Verdict::measured))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("the transfer size is to be compared, and baseline.json has none"));
  }

  @ParameterizedTest
  @CsvSource({
    "8000000, PASS",
    "8190000, PASS",
    "7810000, PASS",
    "8210000, FAIL",
    "7790000, FAIL",
  })
  @DisplayName("a baseline is that of the image as it is built today, give or take 2 %")
  void near(long ownBytes, Outcome outcome) {
    Snapshot before = before(image(2_000_000, 8_000_000));
    assertThat(SizeGate.compared(List.of(), before, image(2_000_000, ownBytes).read()).outcome())
        .isEqualTo(outcome);
  }

  @Test
  @DisplayName("another release of the same base does not count, and another base does")
  void bases() {
    Snapshot before = before(image(2_000_000, 8_000_000), base(STATIC, 2_000_000));
    PlantedImage now = image(3_000_000, 8_000_000);
    Base newer = base("gcr.io/distroless/static:latest", 3_000_000);
    Base other = base("gcr.io/distroless/base-debian13:nonroot", 3_000_000);

    Verdict passed = SizeGate.compared(List.of(newer), before, now.read());
    assertThat(passed.outcome()).isEqualTo(Outcome.PASS);
    assertThat(passed.measured()).contains("1.00 MB of the difference are another release");
    assertThat(SizeGate.compared(List.of(other), before, now.read()).outcome())
        .isEqualTo(Outcome.FAIL);
    // Whoever says that all of it was the base has no baseline either.
    PlantedImage far = image(5_000_000, 8_000_000);
    Base much = base("gcr.io/distroless/static:latest", 5_000_000);
    assertThat(SizeGate.compared(List.of(much), before, far.read()).outcome())
        .isEqualTo(Outcome.FAIL);
  }

  @Test
  @DisplayName("a baseline of another processor may differ by more, and the report says so")
  void elsewhere() {
    Snapshot before =
        before(on(2_000_000, "arm64").layer("COPY /app /app", Map.of("/app", 7_000_000L)));
    Verdict verdict = SizeGate.compared(List.of(), before, image(2_000_000, 8_000_000).read());
    assertThat(verdict.outcome()).isEqualTo(Outcome.PASS);
    assertThat(verdict.measured()).contains("the one is of linux/arm64, the other of linux/amd64");
  }
}
