package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.imagediet.workbook.Track;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RubricTest {

  private static final String TEXTS =
      "title: T, failed: F, expected: E, why: W, hints: [where, idea, page]";

  private static final String GOOD =
      """
      lab: "02"
      title: Distroless
      tracks: [go, java]
      checks:
        - {id: builds, points: 60, %1$s}
        - {id: lean, points: 40, needs: [builds], tracks: [go], unless: jib, bands: {static: 12}, %1$s}
      """
          .formatted(TEXTS);

  @Test
  @DisplayName("says what is asked, of whom and for how much")
  void reads() throws IOException {
    Rubric rubric = read(GOOD);

    assertThat(rubric.lab()).isEqualTo("02");
    assertThat(rubric.title()).isEqualTo("Distroless");
    assertThat(rubric.tracks()).containsExactly(Track.GO, Track.JAVA);
    assertThat(rubric.checks()).extracting(Rubric.Check::id).containsExactly("builds", "lean");
    Rubric.Check lean = rubric.check("lean").orElseThrow();
    assertThat(lean.points()).isEqualTo(40);
    assertThat(lean.needs()).containsExactly("builds");
    assertThat(lean.bands()).containsEntry("static", 12);
    assertThat(lean.hints()).containsExactly("where", "idea", "page");
    assertThat(lean.applies(Track.GO, false)).isTrue();
    assertThat(lean.applies(Track.GO, true)).isFalse();
    assertThat(lean.applies(Track.JAVA, false)).isFalse();
    assertThat(rubric.check("builds").orElseThrow().applies(Track.JAVA, true)).isTrue();
    assertThat(rubric.check("other")).isEmpty();
  }

  @Test
  @DisplayName("asks nothing in a track that the lab is not done in")
  void tracks() throws IOException {
    Rubric rubric = read(GOOD.replace("[go, java]", "[java]"));

    assertThat(rubric.check("builds").orElseThrow().tracks()).containsExactly(Track.JAVA);
    assertThat(rubric.check("lean").orElseThrow().tracks()).isEmpty();
    assertThat(read(GOOD.replace("tracks: [go, java]", "")).tracks())
        .containsExactly(Track.values());
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments("lab: \"02\"", "", "it needs a lab, a title and checks."),
        arguments("title: Distroless", "title:", "it needs a lab, a title and checks."),
        arguments("[go, java]", "[]", "it needs a track."),
        arguments("[go, java]", "[go, cobol]", "the lab names the track cobol, which is none."),
        arguments("title: Distroless", "titel: D", "there is no such key as titel."),
        arguments("id: lean", "is: lean", "there is no such key as checks[1].is."),
        arguments("id: lean, ", "", "check number 2 has no id."),
        arguments("id: lean", "id: builds", "builds is there twice."),
        arguments("points: 40", "points: 30", "the points add up to 90 instead of 100."),
        arguments("points: 40, ", "", "lean needs points."),
        arguments("points: 40", "points: -40", "lean needs points."),
        arguments("points: 40", "points: many", "checks[1].points has a value of the wrong kind."),
        arguments("points: 40, ", "points: 40, points: 40, ", "the key points is there twice."),
        arguments(
            "[builds]", "[serves]", "lean needs serves, and no check of that name is above it."),
        arguments("[builds]", "[lean]", "lean needs lean, and no check of that name is above it."),
        arguments("[builds]", "{}", "checks[1].needs has a value of the wrong kind."),
        arguments(
            "id: builds,",
            "id: builds, needs: [lean],",
            "builds needs lean, and no check of that name is above it."),
        arguments("[go],", "[go, cobol],", "lean names the track cobol, which is none."),
        arguments(
            "unless: jib", "unless: go", "lean is not asked of go; only jib can be named there."),
        arguments(
            "static: 12", "static: some", "checks[1].bands.static has a value of the wrong kind."),
        arguments("failed: F, ", "", "builds lacks the text failed."),
        arguments("why: W", "why: ''", "builds lacks the text why."),
        arguments("[where, idea, page]", "[where, idea]", "builds needs exactly three hints."),
        arguments("[where, idea, page]", "[a, b, c, d]", "builds needs exactly three hints."),
        arguments("[where, idea, page]", "[a, '', c]", "builds needs exactly three hints."),
        arguments("checks:", "checks: x\nothers:", "checks has a value of the wrong kind."),
        arguments(GOOD, "- lab", "it has no lab, title and checks."),
        arguments(GOOD, "", "it has no lab, title and checks."),
        arguments("lab: ", "lab: \"", "this is no YAML"));
  }

  @ParameterizedTest
  @MethodSource
  @DisplayName("says in one sentence what is wrong with it")
  void mistakes(String good, String bad, String message) {
    assertThat(GOOD).contains(good);
    assertThatThrownBy(() -> read(GOOD.replace(good, bad)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rubric.yaml")
        .hasMessageContaining(message)
        .extracting(Throwable::getMessage)
        .asString()
        .hasLineCount(1)
        .endsWith(".");
  }

  @Test
  @DisplayName("must lie beside the tests of its lab")
  void beside() {
    assertThatThrownBy(() -> Rubric.beside(String.class))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("There is no rubric.yaml beside java.lang.String.");
  }

  static Rubric read(String yaml) throws IOException {
    return Rubric.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
  }
}
