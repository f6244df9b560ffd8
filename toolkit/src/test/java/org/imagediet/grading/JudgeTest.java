package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.observation.Once;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {

  private static final String RUBRIC =
      """
      lab: "02"
      title: Distroless
      checks:
        - {id: builds, points: 10, title: it builds, failed: it does not build, %1$s}
        - {id: serves, points: 20, title: it serves, failed: it does not serve, needs: [builds], %1$s}
        - {id: tls, points: 30, title: tls works, failed: tls fails, needs: [serves], %1$s}
        - {id: lean, points: 40, title: it is lean, failed: it is fat, tracks: [go], unless: jib, %1$s}
      """
          .formatted("expected: E, why: W, hints: [where, idea, page]");

  @TempDir Path folder;
  private Grade grade;
  private Judge judge;

  @BeforeEach
  void judge() throws IOException {
    judge(Track.GO);
  }

  private void judge(Track track) throws IOException {
    grade = new Grade(RubricTest.read(RUBRIC), track, "alice");
    Submission submission = new Submission(folder, "lab-02-distroless", track, "alice");
    Laboratory laboratory = new Laboratory(Progress.SILENT);
    judge =
        new Judge(
            grade,
            Once.of(
                () ->
                    new Bench(
                        laboratory, new Workbook(folder), submission, grade::restOnStandIns)));
  }

  @Test
  @DisplayName("gives the rubric's points for what passes, and none for what was not run")
  void pass() {
    decide("builds", bench -> Verdict.pass("built"));

    assertThat(outcomes()).isEqualTo("PASS NOT_RUN NOT_RUN NOT_RUN");
    assertThat(grade.line("builds").measured()).isEqualTo("built");
    assertThat(grade.score()).isEqualTo(10);
    assertThat(grade.most()).isEqualTo(100);
  }

  @Test
  @DisplayName("tells a failure with its four facts")
  void fail() {
    assertThatThrownBy(() -> decide("builds", bench -> Verdict.fail("a line\nanother", "Look.")))
        .isExactlyInstanceOf(WrongAnswer.class)
        .hasMessage(
            """
            [02 builds, go] it does not build
              measured: a line
                        another
              expected: E
              why:      W
              next:     Look. `./lab hint 02 builds`""")
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    assertThat(outcomes()).isEqualTo("FAIL NOT_RUN NOT_RUN NOT_RUN");
    assertThat(grade.score()).isZero();
  }

  @Test
  @DisplayName("does not run what an earlier failure blocks, also not by way of others")
  void blocked() {
    fails("builds", Verdict.fail("no", ""));

    assertThat(judge.turnTo("serves")).contains("blocked by builds");
    assertThat(judge.turnTo("tls")).contains("blocked by serves");
    assertThat(judge.turnTo("lean")).isEmpty();
    assertThat(outcomes()).isEqualTo("FAIL BLOCKED BLOCKED NOT_RUN");
    assertThat(grade.most()).isEqualTo(100);
  }

  @Test
  @DisplayName("tells a root cause once, under the name of the check that judges it")
  void rootCause() {
    FailedEarlier cause = new FailedEarlier("serves", Verdict.fail("silence", "Listen."));

    assertThatThrownBy(() -> decide("tls", throwing(cause)))
        .isExactlyInstanceOf(WrongAnswer.class)
        .hasMessageStartingWith("[02 serves, go] it does not serve\n  measured: silence\n");
    assertThat(outcomes()).isEqualTo("NOT_RUN FAIL BLOCKED NOT_RUN");

    assertThatThrownBy(() -> decide("lean", throwing(cause)))
        .isExactlyInstanceOf(Judge.Unreached.class)
        .hasMessage("blocked by serves");
    assertThat(outcomes()).isEqualTo("NOT_RUN FAIL BLOCKED BLOCKED");
  }

  @Test
  @DisplayName("tells a root cause under its own name when that check's turn comes")
  void ownRootCause() {
    FailedEarlier cause = new FailedEarlier("serves", Verdict.fail("silence", "Listen."));

    assertThatThrownBy(() -> decide("serves", throwing(cause)))
        .isExactlyInstanceOf(WrongAnswer.class)
        .hasMessageContaining("measured: silence");
    assertThat(outcomes()).isEqualTo("NOT_RUN FAIL NOT_RUN NOT_RUN");
  }

  @Test
  @DisplayName("does not let points go in silence when what passed does not work any more")
  void contradiction() {
    decide("serves", bench -> Verdict.pass("served"));

    assertThatThrownBy(
            () -> decide("tls", throwing(new FailedEarlier("serves", Verdict.fail("gone", "")))))
        .isExactlyInstanceOf(WrongAnswer.class)
        .hasMessageStartingWith("[02 tls, go] tls fails\n  measured: gone\n");
    assertThat(outcomes()).isEqualTo("NOT_RUN PASS FAIL NOT_RUN");
  }

  @Test
  @DisplayName("does not grade when the machine is at fault, and says that it is not the answer")
  void environment() {
    assertThatThrownBy(() -> decide("builds", throwing(new EnvironmentException("No engine."))))
        .isExactlyInstanceOf(NotGraded.class)
        .hasMessage(
            """
            [02 builds, go] not graded
              measured: No engine.
              next:     Nothing was judged: this is about the machine or the command, not about \
            your answer. Set it right and run again.""")
        .hasNoCause()
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    assertThat(outcomes()).isEqualTo("ENV_ERROR NOT_RUN NOT_RUN NOT_RUN");
    assertThat(grade.line("builds").next()).startsWith("Nothing was judged: ");
    // What needs it is no less worth a try than without this.
    assertThat(judge.turnTo("serves")).isEmpty();
  }

  @Test
  @DisplayName("does not grade when the grader itself fails, whatever with")
  void graderFails() {
    for (Throwable thrown :
        new Throwable[] {
          new IllegalStateException("a bug\nof ours"),
          new NullPointerException(),
          new StackOverflowError(),
          new OutOfMemoryError("Java heap space"),
          new AssertionError("a bug"),
        }) {
      assertThatThrownBy(
              () ->
                  decide(
                      "lean",
                      bench -> {
                        if (thrown instanceof Error e) {
                          throw e;
                        }
                        throw (RuntimeException) thrown;
                      }))
          .isExactlyInstanceOf(NotGraded.class)
          .hasCause(thrown)
          .hasMessageStartingWith(
              "[02 lean, go] not graded\n  measured: the grader itself failed: ")
          .extracting(Throwable::getMessage)
          .asString()
          .hasLineCount(3)
          .contains("a mistake of the grader's, not of yours");
      assertThat(grade.line("lean").outcome()).isEqualTo(Outcome.ENV_ERROR);
      assertThat(grade.line("lean").measured()).doesNotContain("\n");
    }
  }

  @Test
  @DisplayName("does not grade when there is nothing to lay on the bench")
  void noSubmission() {
    judge =
        new Judge(
            grade,
            Once.of(
                () -> {
                  throw new EnvironmentException("There is no submission.");
                }));

    assertThatThrownBy(() -> decide("lean", bench -> Verdict.pass("")))
        .isExactlyInstanceOf(NotGraded.class)
        .hasMessageContaining("measured: There is no submission.");
  }

  @Test
  @DisplayName("takes what does not apply out of the total")
  void notApplicable() throws IOException {
    assertThatThrownBy(() -> decide("lean", bench -> Verdict.notApplicable("a Rust program")))
        .isExactlyInstanceOf(Judge.Unreached.class)
        .hasMessage("a Rust program");
    assertThat(grade.most()).isEqualTo(60);

    judge(Track.JAVA);
    assertThat(judge.turnTo("lean")).contains("does not apply here");
    assertThat(grade.line("lean").outcome()).isEqualTo(Outcome.NA);
    assertThat(grade.most()).isEqualTo(60);

    judge(Track.GO);
    java.nio.file.Files.writeString(folder.resolve("jib.yaml"), "");
    assertThat(judge.turnTo("lean")).contains("does not apply here");
  }

  @Test
  @DisplayName("is not asked for what the rubric does not have")
  void unknown() {
    assertThatThrownBy(() -> judge.turnTo("other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the rubric of lab 02 has no other");
    assertThatThrownBy(() -> judge.decide(bench -> Verdict.pass("")))
        .isInstanceOf(IllegalStateException.class);
  }

  private void decide(String id, Judgement judgement) {
    assertThat(judge.turnTo(id)).isEmpty();
    judge.decide(judgement);
  }

  private void fails(String id, Verdict verdict) {
    assertThatThrownBy(() -> decide(id, bench -> verdict)).isInstanceOf(WrongAnswer.class);
  }

  private static Judgement throwing(RuntimeException e) {
    return bench -> {
      throw e;
    };
  }

  private String outcomes() {
    return grade.lines().stream()
        .map(line -> line.outcome().name())
        .collect(Collectors.joining(" "));
  }
}
