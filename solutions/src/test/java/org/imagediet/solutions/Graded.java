package org.imagediet.solutions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a submission was graded.
 *
 * @param json the contents of {@code grade.json}
 * @param printed the texts of all failures, as a student reads them
 */
record Graded(JsonNode json, String printed) {

  /** Returns the checks that ended so. */
  Set<String> ended(String outcome) {
    Set<String> ids = new TreeSet<>();
    for (JsonNode check : json.path("checks")) {
      if (check.path("outcome").asText().equals(outcome)) {
        ids.add(check.path("id").asText());
      }
    }
    return ids;
  }

  /** Returns everything, for a failing test's text. */
  String all() {
    StringBuilder text = new StringBuilder();
    for (JsonNode check : json.path("checks")) {
      text.append(
          "%-10s %-20s %s%n"
              .formatted(
                  check.path("outcome").asText(),
                  check.path("id").asText(),
                  check.path("measured").asText().replace("\n", "\n" + " ".repeat(32))));
    }
    return text.toString();
  }
}
