package org.imagediet.grading;

import java.util.Optional;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.observation.Once;

/** Applies the rubric: runs a judgement, writes down how it ended and tells whoever asked. */
public final class Judge {

  /** Comes before the id of the check that is the cause. */
  static final String BLOCKED_BY = "blocked by ";

  private static final String RUN_AGAIN =
      "Nothing was judged: this is about the machine or the command, not about your answer. Set it"
          + " right and run again.";

  private static final String REPORT =
      "Nothing was judged: this is a mistake of the grader's, not of yours. Run again; if it stays,"
          + " show it to whoever gave you this workbook.";

  private final Grade grade;
  private final Once<Bench> bench;
  private Optional<String> current = Optional.empty();

  /**
   * Judges a submission.
   *
   * @param bench throws when there is nothing to lay on it, and then nothing is judged
   */
  public Judge(Grade grade, Once<Bench> bench) {
    this.grade = grade;
    this.bench = bench;
  }

  /** Returns what has been decided so far. */
  public Grade grade() {
    return grade;
  }

  /** Returns what the rubric says of the check that was turned to. */
  public Rubric.Check check() {
    return grade.line(current.orElseThrow()).check();
  }

  /**
   * Turns to a check, if it applies and can be reached.
   *
   * @return nothing, or why it is not run
   */
  public Optional<String> turnTo(String id) {
    Rubric.Check check = grade.line(id).check();
    current = Optional.of(id);
    if (!check.applies(grade.track(), jib())) {
      return Optional.of(leave(id, Outcome.NA, "does not apply here"));
    }
    for (String need : check.needs()) {
      Outcome outcome = grade.line(need).outcome();
      if (outcome == Outcome.FAIL || outcome == Outcome.BLOCKED) {
        return Optional.of(leave(id, Outcome.BLOCKED, BLOCKED_BY + need));
      }
    }
    return Optional.empty();
  }

  private boolean jib() {
    try {
      return bench.get().submission().jib();
    } catch (RuntimeException e) {
      // The check says so itself, in a moment.
      return false;
    }
  }

  private String leave(String id, Outcome outcome, String reason) {
    grade.record(id, outcome, reason, "");
    return reason;
  }

  /**
   * Decides the check that was turned to.
   *
   * @throws WrongAnswer when the answer is wrong, or what it needs is and nobody has said so yet
   * @throws Unreached when it does not apply or an earlier failure, which was told already, blocks
   *     it
   * @throws NotGraded when the machine or the grader is at fault
   */
  public void decide(Judgement judgement) {
    String id = current.orElseThrow(() -> new IllegalStateException("no check was turned to"));
    Verdict verdict;
    try {
      verdict = judgement.of(bench.get());
    } catch (FailedEarlier e) {
      verdict = ownVerdict(id, e);
    } catch (RuntimeException | Error e) {
      // Also a full stack or heap: an answer that was not judged is not a wrong one.
      throw notGraded(e);
    }
    grade.record(id, verdict.outcome(), verdict.measured(), verdict.next());
    if (verdict.outcome() == Outcome.FAIL) {
      throw wrong(id);
    }
    if (verdict.outcome() == Outcome.NA) {
      throw new Unreached(verdict.measured());
    }
  }

  /** Returns what a root cause says of this check, unless it is told under another's name. */
  private Verdict ownVerdict(String id, FailedEarlier cause) {
    if (cause.check().equals(id)) {
      return cause.verdict();
    }
    switch (grade.line(cause.check()).outcome()) {
      case NOT_RUN -> {
        // Who asks for one check alone must still see red, and the reason.
        leave(id, Outcome.BLOCKED, BLOCKED_BY + cause.check());
        grade.record(
            cause.check(), Outcome.FAIL, cause.verdict().measured(), cause.verdict().next());
        throw wrong(cause.check());
      }
      case FAIL, BLOCKED ->
          throw new Unreached(leave(id, Outcome.BLOCKED, BLOCKED_BY + cause.check()));
      default -> {
        // It passed, and now this: told here, since nobody else will.
        return cause.verdict();
      }
    }
  }

  /**
   * Writes down that the check that was turned to could not be judged.
   *
   * @return what to throw
   */
  public NotGraded notGraded(Throwable cause) {
    String id = current.orElseThrow(() -> new IllegalStateException("no check was turned to"));
    boolean environment = cause instanceof EnvironmentException;
    grade.record(
        id,
        Outcome.ENV_ERROR,
        environment
            ? String.valueOf(cause.getMessage())
            : "the grader itself failed: " + cause.toString().lines().findFirst().orElse(""),
        environment ? RUN_AGAIN : REPORT);
    return new NotGraded(
        GradeReport.notGraded(grade, grade.line(id)),
        environment ? Optional.empty() : Optional.of(cause));
  }

  private WrongAnswer wrong(String id) {
    return new WrongAnswer(GradeReport.failure(grade, grade.line(id)));
  }

  /** A check that nothing was decided on. */
  public static final class Unreached extends RuntimeException {
    Unreached(String reason) {
      super(reason);
    }
  }
}
