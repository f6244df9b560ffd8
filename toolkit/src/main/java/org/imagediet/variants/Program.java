package org.imagediet.variants;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.imagediet.bases.Variant;
import org.imagediet.diet.Reference;

/**
 * One program on every variant.
 *
 * @param asksFor what its own files ask their base for: a program, a loader, libraries
 * @param own the variant that its image stands on; empty when it stands on nothing
 */
public record Program(
    Reference reference, List<String> asksFor, Optional<Variant> own, List<Trial> trials) {

  /** Returns its name in tables, such as {@code java jlink}. */
  public String label() {
    return label(reference);
  }

  static String label(Reference reference) {
    return (reference.track().id() + " " + reference.variant().replaceFirst("^distroless-?", ""))
        .strip();
  }

  /**
   * Returns the smallest variant that it works on. Of those that are hardly larger it is the one
   * that its image stands on, as lab 02 is graded.
   */
  public Optional<Trial> smallest() {
    List<Trial> works =
        trials.stream()
            .filter(trial -> trial.seen().works())
            .sorted(Comparator.comparingLong(Trial::baseBytes))
            .toList();
    return works.stream()
        .filter(trial -> Optional.of(trial.variant()).equals(own))
        .filter(trial -> !Variant.noticeablySmaller(works.get(0).baseBytes(), trial.baseBytes()))
        .findFirst()
        .or(() -> works.stream().findFirst());
  }
}
