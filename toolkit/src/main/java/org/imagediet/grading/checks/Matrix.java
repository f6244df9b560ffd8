package org.imagediet.grading.checks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.imagediet.observation.Observation;

/**
 * What a student predicts of several images, yes or no, against what they did. A row counts as a
 * whole, since a guess would get half of every row right.
 */
final class Matrix {

  private Matrix() {}

  /**
   * Compares all rows.
   *
   * @param said by the keys of the rows and the names of the images
   * @param seen by the names of the images
   * @return a line for each row that is not right; none when all are
   */
  static <R> List<String> wrong(
      JsonNode said, R[] rows, Function<R, String> key, Map<String, Map<R, Observation>> seen) {
    List<String> wrong = new ArrayList<>();
    for (R row : rows) {
      List<String> cells = new ArrayList<>();
      seen.forEach(
          (image, did) ->
              cell(said.path(key.apply(row)).path(image), did.get(row))
                  .ifPresent(problem -> cells.add(image + problem)));
      if (!cells.isEmpty()) {
        wrong.add(key.apply(row) + ": " + String.join("; ", cells));
      }
    }
    return wrong;
  }

  private static Optional<String> cell(JsonNode cell, Observation seen) {
    String said = cell.asText("?").strip().toLowerCase(Locale.ROOT);
    Optional<Boolean> predicted =
        switch (said) {
          case "yes", "true" -> Optional.of(true);
          case "no", "false" -> Optional.of(false);
          default -> Optional.empty();
        };
    if (predicted.isEmpty()) {
      return Optional.of(" is not answered with yes or no");
    }
    return predicted.get() == seen.works()
        ? Optional.empty()
        : Optional.of(
            ": you say %s, and it was: %s"
                .formatted(said, seen.evidence().lines().findFirst().orElse("")));
  }
}
