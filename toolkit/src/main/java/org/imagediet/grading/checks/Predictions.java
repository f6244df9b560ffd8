package org.imagediet.grading.checks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.imagediet.grading.Bench;
import org.imagediet.grading.FailedEarlier;
import org.imagediet.grading.Verdict;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Tradeoff;
import org.imagediet.yaml.YamlException;

/**
 * What a student predicts of the three images, against what the student's own images do. A row
 * counts as a whole, since a guess would get half of every row right.
 */
public final class Predictions {

  private static final Map<String, String> OTHERS = new LinkedHashMap<>();

  static {
    OTHERS.put("naive", "lab-01-naive");
    OTHERS.put("distroless", "lab-02-distroless");
  }

  private Predictions() {}

  /** Every row of the matrix agrees with what the three images did. */
  public static Verdict tradeoffs(Bench bench) {
    JsonNode rows;
    try {
      rows = bench.submission().answers().path("tradeoffs");
    } catch (IOException | YamlException e) {
      return Verdict.fail(
          e.getMessage(), "The starter's answers.yaml shows how the matrix is written.");
    }
    Map<String, Map<Tradeoff, Observation>> images = new LinkedHashMap<>();
    for (Map.Entry<String, String> other : OTHERS.entrySet()) {
      try {
        images.put(other.getKey(), bench.behaviourIn(other.getValue()).tradeoffs());
      } catch (FailedEarlier e) {
        return Verdict.fail(
            "there is no %s image of yours to compare with; %s says: %s"
                .formatted(other.getKey(), other.getValue(), e.verdict().measured()),
            "The matrix compares your images of all three labs, so the other two come first.");
      }
    }
    images.put("scratch", bench.answering(() -> bench.observer().behaviour().tradeoffs()));
    List<String> wrong = new ArrayList<>();
    for (Tradeoff tradeoff : Tradeoff.values()) {
      row(tradeoff, rows.path(tradeoff.key()), images).ifPresent(wrong::add);
    }
    return wrong.isEmpty()
        ? Verdict.pass("all " + Tradeoff.values().length + " rows are as the images behave")
        : Verdict.fail(
            String.join("\n", wrong),
            "`./lab diet` shows what each variant still does; what is missing in yours?");
  }

  private static Optional<String> row(
      Tradeoff tradeoff, JsonNode row, Map<String, Map<Tradeoff, Observation>> images) {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Map<Tradeoff, Observation>> image : images.entrySet()) {
      String said = row.path(image.getKey()).asText("?").strip().toLowerCase(Locale.ROOT);
      Optional<Boolean> predicted =
          switch (said) {
            case "yes", "true" -> Optional.of(true);
            case "no", "false" -> Optional.of(false);
            default -> Optional.empty();
          };
      Observation seen = image.getValue().get(tradeoff);
      if (predicted.isEmpty()) {
        wrong.add(image.getKey() + " is not answered with yes or no");
      } else if (predicted.get() != seen.works()) {
        wrong.add(
            "%s: you say %s, and it was: %s"
                .formatted(image.getKey(), said, seen.evidence().lines().findFirst().orElse("")));
      }
    }
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(tradeoff.key() + ": " + String.join("; ", wrong));
  }
}
