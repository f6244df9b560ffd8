package org.imagediet.grading.checks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Tradeoff;
import org.imagediet.yaml.YamlException;

/** What a student predicts of the three images, against what the student's own images do. */
public final class Predictions {

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
    Map<String, Map<Tradeoff, Observation>> images =
        ThreeImages.each(
            bench, "tradeoffs", one -> one.answering(() -> one.observer().behaviour().tradeoffs()));
    List<String> wrong = Matrix.wrong(rows, Tradeoff.values(), Tradeoff::key, images);
    return wrong.isEmpty()
        ? Verdict.pass("all " + Tradeoff.values().length + " rows are as the images behave")
        : Verdict.fail(
            String.join("\n", wrong),
            "`./lab diet` shows what each variant still does; what is missing in yours?");
  }
}
