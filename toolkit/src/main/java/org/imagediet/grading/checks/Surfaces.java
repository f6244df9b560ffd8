package org.imagediet.grading.checks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.imagediet.drill.Surface;
import org.imagediet.drill.SurfacePart;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.yaml.YamlException;

/** How a student ranks the images by what an attacker finds in them. */
public final class Surfaces {

  private static final String GONE = "gone";

  private Surfaces() {}

  /**
   * Every row of {@code surface} in {@code findings.yaml} ranks the images as they were measured,
   * and {@code gone} names what the naive image has and the smallest has not.
   */
  public static Verdict ranked(Bench bench) {
    JsonNode said;
    try {
      said = bench.submission().findings().path("surface");
    } catch (IOException | YamlException e) {
      return Verdict.fail(
          e.getMessage(), "The starter's findings.yaml shows how a ranking is written.");
    }
    Map<String, Surface> images =
        ThreeImages.each(bench, "surface", one -> Surface.of(one.image(), one.running()));
    List<String> wrong = wrong(said, images);
    return wrong.isEmpty()
        ? Verdict.pass(
            "all "
                + SurfacePart.values().length
                + " rows are ranked as they were measured, and what disappeared is named")
        : Verdict.fail(
            String.join("\n", wrong),
            "`./lab surface` measures the reference images; `./lab inspect` says what is in yours.");
  }

  static List<String> wrong(JsonNode said, Map<String, Surface> images) {
    List<String> wrong = new ArrayList<>();
    for (SurfacePart part : SurfacePart.values()) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      images.forEach((image, surface) -> counts.put(image, surface.count(part)));
      Ranking.problem(said.path(part.key()).asText("?").strip(), counts)
          .ifPresent(problem -> wrong.add(part.key() + ": " + problem));
    }
    gone(said.path(GONE), images).ifPresent(problem -> wrong.add(GONE + ": " + problem));
    return wrong;
  }

  private static Optional<String> gone(JsonNode said, Map<String, Surface> images) {
    if (!said.isArray()) {
      return Optional.of("not answered; it is a list, such as [shells, packages]");
    }
    Set<String> named = new HashSet<>();
    said.forEach(name -> named.add(name.asText().strip()));
    String smallest = ThreeImages.smallest(images);
    Set<String> gone =
        Arrays.stream(SurfacePart.values())
            .filter(part -> images.get("naive").count(part) > 0)
            .filter(part -> images.get(smallest).count(part) == 0)
            .map(SurfacePart::key)
            .collect(Collectors.toSet());
    List<String> stayed = named.stream().filter(name -> !gone.contains(name)).sorted().toList();
    if (!stayed.isEmpty()) {
      return Optional.of(
          "%s did not disappear between naive and %s"
              .formatted(String.join(", ", stayed), smallest));
    }
    long forgotten = gone.stream().filter(name -> !named.contains(name)).count();
    return forgotten == 0
        ? Optional.empty()
        : Optional.of("%d more disappeared between naive and %s".formatted(forgotten, smallest));
  }
}
