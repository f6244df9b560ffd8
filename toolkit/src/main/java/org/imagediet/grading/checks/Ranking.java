package org.imagediet.grading.checks;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Images in the order of a number, the largest first, such as {@code naive > distroless = scratch}.
 * An order is asked for, and no number, since a number depends on the machine's base images and on
 * the scanner's database of the day.
 */
final class Ranking {

  private Ranking() {}

  /**
   * Compares a ranking with what was measured.
   *
   * @param said empty or {@code ?} is no answer
   * @param measured the numbers, by the names of the images and in the order to be shown in
   * @return what is wrong with it, if anything is
   */
  static Optional<String> problem(String said, Map<String, Integer> measured) {
    if (said.isEmpty() || said.equals("?")) {
      return Optional.of("not answered");
    }
    Map<String, Integer> places = new HashMap<>();
    int place = 0;
    int named = 0;
    for (String equals : said.split(">", -1)) {
      place++;
      for (String image : equals.split("=", -1)) {
        places.put(image.strip(), place);
        named++;
      }
    }
    if (!places.keySet().equals(measured.keySet()) || named != measured.size()) {
      return Optional.of(
          "'%s' does not rank each image once; write it like %s"
              .formatted(said, String.join(" = ", measured.keySet()).replaceFirst(" =", " >")));
    }
    for (String a : measured.keySet()) {
      for (String b : measured.keySet()) {
        // The larger number has the smaller place.
        if (Integer.signum(measured.get(a) - measured.get(b))
            != Integer.signum(places.get(b) - places.get(a))) {
          return Optional.of("you say %s, and measured were %s".formatted(said, shown(measured)));
        }
      }
    }
    return Optional.empty();
  }

  private static String shown(Map<String, Integer> measured) {
    return measured.entrySet().stream()
        .map(image -> image.getKey() + " " + image.getValue())
        .collect(Collectors.joining(", "));
  }
}
