package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imagediet.drill.Surface;
import org.imagediet.drill.SurfacePart;
import org.imagediet.yaml.StrictYaml;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurfacesTest {

  /** Packages and shells disappear, the rest is 1 everywhere. */
  private static final Map<String, Surface> IMAGES = new LinkedHashMap<>();

  static {
    IMAGES.put("naive", surface(134, 2));
    IMAGES.put("distroless", surface(6, 0));
    IMAGES.put("scratch", surface(0, 0));
  }

  private static Surface surface(int packages, int shells) {
    Map<SurfacePart, Integer> counts = new EnumMap<>(SurfacePart.class);
    for (SurfacePart part : SurfacePart.values()) {
      counts.put(part, 1);
    }
    counts.put(SurfacePart.PACKAGES, packages);
    counts.put(SurfacePart.SHELLS, shells);
    return new Surface(counts);
  }

  private static ObjectNode right() {
    StringBuilder yaml = new StringBuilder();
    for (SurfacePart part : SurfacePart.values()) {
      yaml.append(part.key()).append(": scratch = naive = distroless\n");
    }
    ObjectNode said = (ObjectNode) StrictYaml.read(yaml.toString(), "findings.yaml");
    said.put("packages", "naive > distroless > scratch");
    said.put("shells", "naive > scratch=distroless");
    said.set("gone", StrictYaml.read("[shells, packages]", "findings.yaml"));
    return said;
  }

  @Test
  @DisplayName("is content with the measured order, whatever the order of equals")
  void rankedRight() {
    assertThat(Surfaces.wrong(right(), IMAGES)).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("tells a wrong order, a tie that is none and an order where there is a tie")
  @CsvSource({
    "packages, scratch > distroless > naive",
    "packages, naive > distroless = scratch",
    "packages, naive = distroless = scratch",
    "shells, naive > distroless > scratch",
    "ports, naive > distroless = scratch",
  })
  void rankedWrong(String part, String said) {
    ObjectNode answers = right().put(part, said);
    assertThat(Surfaces.wrong(answers, IMAGES))
        .singleElement()
        .asString()
        .startsWith(part + ": you say " + said + ", and measured were naive ");
  }

  @ParameterizedTest
  @DisplayName("asks for each image once, and shows how it is written")
  @CsvSource({
    "naive > distroless",
    "naive > distroless > scratch > naive",
    "naive > naive = scratch",
    "naive < distroless < scratch",
    "naive > distroless >",
    "naive > alpine > scratch",
  })
  void malformed(String said) {
    assertThat(Surfaces.wrong(right().put("packages", said), IMAGES))
        .containsExactly(
            "packages: '"
                + said
                + "' does not rank each image once; write it like naive > distroless = scratch");
  }

  @Test
  @DisplayName("holds naive against distroless where there is nothing on scratch")
  void twoImages() {
    Map<String, Surface> two = new LinkedHashMap<>(IMAGES);
    two.remove("scratch");
    ObjectNode answers = right();
    for (SurfacePart part : SurfacePart.values()) {
      answers.put(part.key(), "naive = distroless");
    }
    answers.put("packages", "naive > distroless").put("shells", "naive > distroless > scratch");
    assertThat(Surfaces.wrong(answers, two))
        .containsExactly(
            "shells: 'naive > distroless > scratch' does not rank each image once; write it like"
                + " naive > distroless",
            "gone: packages did not disappear between naive and distroless");
  }

  @Test
  @DisplayName("takes no silence for an answer")
  void unanswered() {
    ObjectNode answers = right().put("ports", "?").put("gone", "?");
    answers.remove("packages");
    assertThat(Surfaces.wrong(answers, IMAGES))
        .containsExactly(
            "packages: not answered",
            "ports: not answered",
            "gone: not answered; it is a list, such as [shells, packages]");
    JsonNode nothing = StrictYaml.read("", "findings.yaml");
    assertThat(Surfaces.wrong(nothing, IMAGES)).hasSize(SurfacePart.values().length + 1);
  }

  @ParameterizedTest
  @DisplayName("names what did not disappear, and counts what was forgotten without naming it")
  @CsvSource(
      delimiter = '|',
      value = {
        "[shells, packages, ports, luck] | luck, ports did not disappear between naive and scratch",
        "[shells] | 1 more disappeared between naive and scratch",
        "[] | 2 more disappeared between naive and scratch",
      })
  void gone(String said, String problem) {
    ObjectNode answers = right();
    answers.set("gone", StrictYaml.read(said, "findings.yaml"));
    assertThat(Surfaces.wrong(answers, IMAGES)).isEqualTo(List.of("gone: " + problem));
  }
}
