package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.imagediet.EngineUnderTest;
import org.imagediet.engine.Progress;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Laboratory;
import org.imagediet.grading.Outcome;
import org.imagediet.grading.Submission;
import org.imagediet.grading.Verdict;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestStageIT {

  private static final String BASE = "python:3.13-slim";

  @TempDir private Path folder;

  /** What the stage of the tests does once they have passed, if one more is among them. */
  private Verdict gates(String withOneMore) throws IOException {
    Files.writeString(
        folder.resolve("Dockerfile"),
        """
        FROM %s AS test
        WORKDIR /src
        COPY . .
        RUN --mount=type=cache,target=/seen \\
            python3 -m unittest && { ! grep -rq test_product tests || %s; }
        FROM test
        CMD ["python3", "-m", "service"]
        """
            .formatted(BASE, withOneMore));
    Submission submission = new Submission(folder, "lab-02-distroless", Track.PYTHON, "a test");
    EngineUnderTest.withBases(BASE).close();
    try (Laboratory laboratory = new Laboratory(Progress.SILENT);
        Bench bench = new Bench(laboratory, Workbook.find(), submission, () -> {})) {
      return TestStage.gates(bench);
    }
  }

  @Test
  @DisplayName("that fails once, as a slow machine makes it, is tried again")
  void secondTry() throws IOException {
    String mark = "/seen/" + UUID.randomUUID();
    Verdict verdict = gates("[ -e %1$s ] || { touch %1$s; false; }".formatted(mark));
    assertThat(verdict.outcome()).as(verdict.measured()).isEqualTo(Outcome.PASS);
  }

  @Test
  @DisplayName("that fails for one more passing test, time and again, gates nothing")
  void always() throws IOException {
    Verdict verdict = gates("false");
    assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(verdict.measured()).startsWith("one more test, which passes, stops the build too");
  }
}
