package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.workbook.Track;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradeReportTest {

  private static final String RUBRIC =
      """
      lab: "02"
      title: Distroless
      checks:
        - {id: builds, points: 10, title: it builds, failed: it does not build, %1$s}
        - {id: no-shell, points: 20, title: no shell, failed: it has a shell, %1$s}
        - {id: lean, points: 70, title: it is lean, failed: it is fat, %1$s}
      """
          .formatted("expected: E, why: W, hints: [where, idea, page]");

  /** What a submission may try: a terminal, a CI service's log, XML, a second headline. */
  private static final String HOSTILE =
      "\u001b[2Ja\u202eb\ud800c\uffff\n::error::owned\n  ##[set-env name=A]b\r\n[02 builds, go] passed";

  private Grade grade;
  @TempDir Path folder;

  @BeforeEach
  void grade() throws IOException {
    grade = new Grade(RubricTest.read(RUBRIC), Track.GO, "alice");
  }

  @Test
  @DisplayName("ends a run with a table")
  void console() {
    grade.record("builds", Outcome.PASS, "built", "");
    grade.record("no-shell", Outcome.FAIL, "one", "");
    grade.record("lean", Outcome.NA, "", "");

    assertThat(GradeReport.console(grade))
        .isEqualTo(
            """

            Lab 02, Distroless, track go: 10 of 30 points

            check     points  outcome        what
            --------  ------  -------  ----------
            builds     10/10     pass   it builds
            no-shell    0/20     fail    no shell
            lean         0/0      n/a  it is lean
            """);
  }

  @Test
  @DisplayName("says below the table what blocked, not graded and stand-in mean")
  void notes() {
    grade.record("builds", Outcome.ENV_ERROR, "", "");
    grade.record("no-shell", Outcome.BLOCKED, "", "");
    grade.restOnStandIns();

    assertThat(GradeReport.console(grade))
        .contains("0/10  not graded  ", "0/20     blocked  ", "0/70     not run  ")
        .endsWith(
            """

            blocked: an earlier failure made it unreachable; mend that one first.

            not graded: the machine is at fault, not the answer; mend what it names, run again.

            Graded on stand-ins for the published base images.
            """);
  }

  @Test
  @DisplayName("writes the fields that others rely on, and no more")
  void json() throws IOException {
    grade.record("builds", Outcome.PASS, "built", "");
    grade.record("no-shell", Outcome.FAIL, "one\ntwo", "Look.");
    grade.record("lean", Outcome.NA, "not for go", "");
    grade.restOnStandIns();
    grade.finish();

    assertThat(GradeReport.json(grade))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"lab": "02", "track": "go", "submission": "alice", "standIns": true,
                     "complete": true, "score": 10, "max": 30, "checks": [
                      {"id": "builds", "outcome": "PASS", "points": 10, "max": 10,
                       "measured": "built", "expected": "E", "why": "W", "next": ""},
                      {"id": "no-shell", "outcome": "FAIL", "points": 0, "max": 20,
                       "measured": "one\\ntwo", "expected": "E", "why": "W", "next": "Look."},
                      {"id": "lean", "outcome": "NA", "points": 0, "max": 0,
                       "measured": "not for go", "expected": "E", "why": "W", "next": ""}]}
                    """));
  }

  @Test
  @DisplayName("is not complete before the end")
  void incomplete() {
    JsonNode json = GradeReport.json(grade);

    assertThat(json.path("complete").booleanValue()).isFalse();
    assertThat(json.path("standIns").booleanValue()).isFalse();
    assertThat(json.path("checks").findValuesAsText("outcome"))
        .containsExactly("NOT_RUN", "NOT_RUN", "NOT_RUN");
  }

  @Test
  @DisplayName("prints nothing of a submission raw")
  void clean() {
    grade.record("builds", Outcome.FAIL, HOSTILE, HOSTILE);

    assertThat(GradeReport.failure(grade, grade.line("builds")))
        .isEqualTo(
            """
            [02 builds, go] it does not build
              measured: ?[2Ja?b?c?
                        : :error::owned
                          # #[set-env name=A]b
                        [02 builds, go] passed
              expected: E
              why:      W
              next:     ?[2Ja?b?c?
                        : :error::owned
                          # #[set-env name=A]b
                        [02 builds, go] passed `./lab hint 02 builds`""");
    JsonNode check = GradeReport.json(grade).path("checks").get(0);
    for (String field : new String[] {"measured", "next"}) {
      assertThat(check.path(field).asText())
          .isEqualTo("?[2Ja?b?c?\n: :error::owned\n  # #[set-env name=A]b\n[02 builds, go] passed");
    }
    Grade hostile = new Grade(grade.rubric(), Track.GO, "a\u001b[31m\n::error::b");
    assertThat(GradeReport.json(hostile).path("submission").asText())
        .isEqualTo("a?[31m ::error::b");
  }

  @Test
  @DisplayName("prints a bounded number of lines of a bounded length")
  void bounded() {
    grade.record("builds", Outcome.FAIL, ("x".repeat(9999) + "\n").repeat(1000), "");

    String text = GradeReport.failure(grade, grade.line("builds"));
    assertThat(text.lines()).hasSize(1 + 26 + 3).allMatch(line -> line.length() < 2020);
    assertThat(text).contains("\n            ... and 975 more lines\n");
    assertThat(GradeReport.json(grade).path("checks").get(0).path("measured").asText().lines())
        .hasSize(26);
  }

  @Test
  @DisplayName("replaces an older grade, in folders that it makes, and leaves nothing beside it")
  void write() throws IOException {
    Path file = folder.resolve("a/b/grade.json");
    GradeReport.write(grade, file);
    grade.record("builds", Outcome.PASS, "", "");
    GradeReport.write(grade, file);

    assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(GradeReport.json(grade));
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  @DisplayName("says in one sentence that it cannot be written, and leaves the older grade alone")
  void unwritable() throws IOException {
    Path file = folder.resolve("grade.json");
    GradeReport.write(grade, file);
    String before = Files.readString(file);
    grade.record("builds", Outcome.PASS, "", "");

    // A folder in the way stops root too.
    Files.createDirectory(folder.resolve("grade.json.part"));
    assertThatThrownBy(() -> GradeReport.write(grade, file))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage(
            "The grade cannot be written to %s (FileSystemException); see to that folder and run"
                    .formatted(file)
                + " again.");
    assertThat(file).hasContent(before);

    assertThatThrownBy(() -> GradeReport.write(grade, file.resolve("grade.json")))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith("The grade cannot be written to ");
  }
}
