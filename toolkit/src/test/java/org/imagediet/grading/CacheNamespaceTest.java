package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.engine.Progress;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheNamespaceTest {

  @TempDir private Path folder;

  /** In a run of its own. */
  private static String namespace(Path workbook, Path submission) {
    try (Laboratory laboratory = new Laboratory(Progress.SILENT)) {
      return namespace(laboratory, workbook, submission);
    }
  }

  private static String namespace(Laboratory laboratory, Path workbook, Path submission) {
    try (Bench bench =
        new Bench(
            laboratory,
            new Workbook(workbook),
            new Submission(submission, "lab-02-distroless", Track.GO, "x"),
            () -> {})) {
      assertThat(bench.cacheNamespace()).isEqualTo(bench.cacheNamespace()).hasSize(16);
      return bench.cacheNamespace();
    }
  }

  @Test
  @DisplayName("a submission laid into the same folder as an earlier one shares nothing with it")
  void anothers() {
    Path workbook = folder.resolve("workbook");
    Path checkout = folder.resolve("submission");
    assertThat(namespace(workbook, checkout)).isNotEqualTo(namespace(workbook, checkout));
  }

  @Test
  @DisplayName("the labs of the workbook keep one cache, and the solutions another")
  void own() {
    Path workbook = folder.resolve("workbook");
    Path go = workbook.resolve("lab-02-distroless/go");
    assertThat(namespace(workbook, go))
        .isEqualTo(namespace(workbook, go))
        .isNotEqualTo(namespace(workbook, workbook.resolve("solutions/lab-02-distroless/go")));
  }

  @Test
  @DisplayName("another copy of the workbook, even at the same place, has caches of its own")
  void copies() throws IOException {
    Path workbook = folder.resolve("workbook");
    Path go = workbook.resolve("lab-02-distroless/go");
    String before = namespace(workbook, go);
    Files.delete(workbook.resolve("target/secret"));
    assertThat(namespace(workbook, go)).isNotEqualTo(before);
  }

  @Test
  @DisplayName("whatever one person grades at the same time shares one")
  void together() {
    Path workbook = folder.resolve("workbook");
    try (Laboratory first = new Laboratory(Progress.SILENT);
        Laboratory second = first.beside();
        Laboratory third = first.beside()) {
      assertThat(namespace(second, workbook, workbook.resolve("solutions/lab-02-distroless/go")))
          .isEqualTo(namespace(third, workbook, folder.resolve("elsewhere")));
    }
  }
}
