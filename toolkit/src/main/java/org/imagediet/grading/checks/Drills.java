package org.imagediet.grading.checks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.imagediet.drill.Attack;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.observation.Observation;
import org.imagediet.yaml.YamlException;

/** What a student predicts of the attacks, against what they came to on the student's images. */
public final class Drills {

  private Drills() {}

  /** Every row of {@code drill} in {@code findings.yaml} agrees with what the attacks came to. */
  public static Verdict predicted(Bench bench) {
    JsonNode rows;
    try {
      rows = bench.submission().findings().path("drill");
    } catch (IOException | YamlException e) {
      return Verdict.fail(
          e.getMessage(), "The starter's findings.yaml shows how the matrix is written.");
    }
    Map<String, Map<Attack, Observation>> images = ThreeImages.each(bench, "drill", Bench::drill);
    List<String> wrong = Matrix.wrong(rows, Attack.values(), Attack::key, images);
    String smallest = ThreeImages.smallest(images);
    long onIt = images.get(smallest).values().stream().filter(Observation::works).count();
    return wrong.isEmpty()
        ? Verdict.pass(
            "all %d rows are as the attacks went; %d of them still work on %s"
                .formatted(Attack.values().length, onIt, smallest))
        : Verdict.fail(
            String.join("\n", wrong),
            "What does each attack need in the image, and what does it need of the user?");
  }
}
