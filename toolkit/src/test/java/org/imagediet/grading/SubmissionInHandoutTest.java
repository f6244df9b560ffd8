package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionInHandoutTest {

  @TempDir private Path root;

  private Submission find(String given) {
    return Submission.find(new Workbook(root), "lab-01-naive", Track.GO, given, root);
  }

  private Path file(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "FROM scratch\n");
  }

  @Test
  @DisplayName("a handout has no solutions, even where a folder has the name")
  void handout() throws IOException {
    file("solutions/lab-01-naive/go/Dockerfile");
    assertThatThrownBy(() -> find("solutions"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("This workbook is a handout, which has no solutions to grade.");
  }

  @Test
  @DisplayName("a handout has no solution to take in the place of another lab's image")
  void otherLab() throws IOException {
    Submission alone = find(file("carl/Dockerfile").getParent().toString());
    try (Laboratory laboratory = new Laboratory(Progress.SILENT);
        Bench bench = new Bench(laboratory, new Workbook(root), alone, () -> {})) {
      assertThatThrownBy(() -> bench.of("lab-02-distroless"))
          .isInstanceOf(EnvironmentException.class)
          .hasMessage(
              "This needs the image of lab-02-distroless too, and there is no folder %s; a handout"
                  + " has no solution to take in its place.",
              root.resolve("carl/lab-02-distroless"));
    }
  }
}
