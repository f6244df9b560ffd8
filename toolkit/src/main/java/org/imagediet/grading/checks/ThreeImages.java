package org.imagediet.grading.checks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.imagediet.grading.Bench;
import org.imagediet.grading.FailedEarlier;
import org.imagediet.grading.Verdict;

/**
 * The same person's naive, distroless and scratch images, those of the labs 01, 02 and 03. A track
 * that has nothing on scratch has two.
 */
final class ThreeImages {

  private static final String SCRATCH = "scratch";
  private static final Map<String, String> LABS = new LinkedHashMap<>();

  static {
    LABS.put("naive", "lab-01-naive");
    LABS.put("distroless", "lab-02-distroless");
    LABS.put(SCRATCH, "lab-03-scratch");
  }

  private ThreeImages() {}

  /**
   * Looks at each of them.
   *
   * @param check the id of the check that needs them
   * @return what was seen, by {@code naive}, {@code distroless} and {@code scratch}, in that order,
   *     the smallest last
   * @throws FailedEarlier when there is one that cannot be looked at: of this check where it is
   *     another lab's, which cannot have been judged here
   */
  static <T> Map<String, T> each(Bench bench, String check, Function<Bench, T> look) {
    Map<String, T> seen = new LinkedHashMap<>();
    LABS.forEach(
        (image, lab) -> {
          if (image.equals(SCRATCH) && !bench.submission().track().onScratch()) {
            return;
          }
          Bench one = bench.of(lab);
          try {
            seen.put(image, look.apply(one));
          } catch (FailedEarlier e) {
            if (one == bench) {
              throw e;
            }
            throw new FailedEarlier(
                check,
                Verdict.fail(
                    "there is no %s image of yours to compare with; %s says: %s"
                        .formatted(image, lab, e.verdict().measured()),
                    "Your images of the labs before this one are compared, so those come first."));
          }
        });
    return seen;
  }

  /** Returns the name of the smallest. */
  static String smallest(Map<String, ?> images) {
    return images.containsKey(SCRATCH) ? SCRATCH : "distroless";
  }
}
