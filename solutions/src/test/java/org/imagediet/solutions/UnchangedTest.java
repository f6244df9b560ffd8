package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class UnchangedTest {

  @TempDir private Path folder;
  private int runs;

  private List<String> bases = List.of("scratch-like sha256:1");

  @BeforeEach
  void submission() throws IOException {
    Files.createDirectories(folder.resolve("submission"));
    Files.writeString(folder.resolve("submission/Dockerfile"), "FROM scratch\n");
  }

  /** Returns whether it was graded; a skipped test must not become one here. */
  private boolean grade(String surroundings, boolean fresh) throws Throwable {
    int before = runs;
    try {
      new Unchanged(folder.resolve("markers"), surroundings, () -> bases, fresh)
          .orRun(
              "02 renamed-shell, go",
              Unchanged.Digested.folder(folder.resolve("submission")),
              () -> runs++);
    } catch (TestAbortedException e) {
      assertThat(runs).isEqualTo(before);
    }
    return runs > before;
  }

  @Test
  @DisplayName("what passed is skipped as long as nothing changes")
  void skipped() throws Throwable {
    assertThat(grade("one grader", false)).isTrue();
    assertThat(grade("one grader", false)).isFalse();
  }

  @Test
  @DisplayName("a change of the submission, of its surroundings, or the wish to, grades it again")
  void again() throws Throwable {
    assertThat(grade("one grader", false)).isTrue();
    assertThat(grade("another grader", false)).isTrue();
    assertThat(grade("one grader", true)).isTrue();
    Files.writeString(folder.resolve("submission/Dockerfile"), "FROM scratch\nUSER 1\n");
    assertThat(grade("one grader", false)).isTrue();
    Files.move(folder.resolve("submission/Dockerfile"), folder.resolve("submission/answers.yaml"));
    assertThat(grade("one grader", false)).isTrue();
  }

  @Test
  @DisplayName("another base image of the same name grades it again, one more does not")
  void bases() throws Throwable {
    assertThat(grade("one grader", false)).isTrue();
    bases = List.of("scratch-like sha256:1", "another sha256:2");
    assertThat(grade("one grader", false)).isFalse();
    bases = List.of("scratch-like sha256:3", "another sha256:2");
    assertThat(grade("one grader", false)).isTrue();
  }

  @Test
  @DisplayName("what the grading itself fetches is there the next time, and makes no difference")
  void fetched() throws Throwable {
    Unchanged unchanged =
        new Unchanged(folder.resolve("markers"), "one grader", () -> bases, false);
    Unchanged.Digested submission = Unchanged.Digested.folder(folder.resolve("submission"));
    Path fetched = folder.resolve("submission/scanner");
    unchanged.orRun("a scan", submission, () -> Files.writeString(fetched, "a scanner"));
    assertThatThrownBy(() -> unchanged.orRun("a scan", submission, () -> runs++))
        .isInstanceOf(TestAbortedException.class);
  }

  @Test
  @DisplayName("what failed is graded again")
  void failed() throws Throwable {
    Unchanged unchanged =
        new Unchanged(folder.resolve("markers"), "one grader", () -> bases, false);
    assertThatThrownBy(
            () ->
                unchanged.orRun(
                    "02 renamed-shell, go",
                    Unchanged.Digested.folder(folder.resolve("submission")),
                    () -> {
                      throw new AssertionError("a shell slipped through");
                    }))
        .hasMessage("a shell slipped through");
    assertThat(grade("one grader", false)).isTrue();
  }
}
