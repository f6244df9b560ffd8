package org.imagediet.grading;

import java.util.Optional;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.observation.Once;

/** Applies the rubric: runs a judgement, writes down how it ended and tells whoever asked. */
public final class Judge {

  /** Comes before the id of the check that is the cause. */
  static final String BLOCKED_BY = "blocked by ";

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
    } catch (EnvironmentException e) {
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
   * @throws EnvironmentException when the machine is at fault
   */
  public void decide(Judgement judgement) {
    String id = current.orElseThrow(() -> new IllegalStateException("no check was turned to"));
    Verdict verdict;
    try {
      verdict = judgement.of(bench.get());
    } catch (FailedEarlier e) {
      if (e.check().equals(id)) {
        verdict = e.verdict();
      } else {
        throw blocked(id, e);
      }
    } catch (EnvironmentException e) {
      grade.record(id, Outcome.ENV_ERROR, e.getMessage(), "");
      throw e;
    } catch (RuntimeException e) {
      grade.record(id, Outcome.ENV_ERROR, "the grader itself failed: " + e, "");
      throw e;
    }
    grade.record(id, verdict.outcome(), verdict.measured(), verdict.next());
    if (verdict.outcome() == Outcome.FAIL) {
      throw wrong(id);
    }
    if (verdict.outcome() == Outcome.NA) {
      throw new Unreached(verdict.measured());
    }
  }

  private RuntimeException blocked(String id, FailedEarlier cause) {
    leave(id, Outcome.BLOCKED, BLOCKED_BY + cause.check());
    if (grade.line(cause.check()).outcome() == Outcome.NOT_RUN) {
      // Who asks for one check alone must still see red, and the reason.
      grade.record(cause.check(), Outcome.FAIL, cause.verdict().measured(), cause.verdict().next());
      throw wrong(cause.check());
    }
    return new Unreached(BLOCKED_BY + cause.check());
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
