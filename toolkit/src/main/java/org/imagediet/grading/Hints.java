package org.imagediet.grading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.report.Clean;
import org.imagediet.workbook.LabFolder;
import org.imagediet.workbook.Track;

/**
 * Hints for the checks of a lab: one at a time, each saying more than the one before, beginning
 * anew when the problem is another one.
 */
public final class Hints {

  private static final List<String> KINDS = List.of("where to look", "the idea", "what to read");

  private final LabFolder lab;
  private final Rubric rubric;

  private Hints(LabFolder lab, Rubric rubric) {
    this.lab = lab;
    this.rubric = rubric;
  }

  /**
   * Reads a lab's hints.
   *
   * @throws IllegalArgumentException when its rubric is wrong
   */
  public static Hints of(LabFolder lab) {
    try (InputStream yaml = Files.newInputStream(lab.rubric())) {
      return new Hints(lab, Rubric.read(yaml));
    } catch (IOException e) {
      throw new EnvironmentException(
          "%s cannot be read: %s.".formatted(lab.rubric(), e.getMessage()), e);
    }
  }

  /** Returns what the lab asks for. */
  public Rubric rubric() {
    return rubric;
  }

  /**
   * Returns what the last run said of a check, and the next hint.
   *
   * @param asked the track; without it that of the last run, and after a run in several the first
   *     in which the check did not pass
   * @param fromStart begins with the first hint again
   */
  public String next(Rubric.Check check, Optional<Track> asked, boolean fromStart) {
    Map<Track, LastGrade> grades = LastGrade.of(lab);
    Track track = asked.orElseGet(() -> track(grades, check));
    Optional<LastGrade> grade = Optional.ofNullable(grades.get(track));
    LastGrade.Line line = grade.map(last -> last.line(check.id())).orElse(LastGrade.Line.NONE);
    Optional<String> cause =
        grade
            .filter(last -> line.outcome() == Outcome.BLOCKED)
            .flatMap(last -> last.cause(check.id()))
            .filter(id -> rubric.check(id).isPresent());
    String head =
        "[%s %s, %s] %s\n"
            .formatted(
                rubric.lab(), check.id(), track.id(), said(check, track, grade, line, cause));
    boolean asksNothing = !check.tracks().contains(track) || line.outcome() == Outcome.NA;
    if (asksNothing || cause.isPresent()) {
      return head;
    }
    return head + facts(line) + "\n" + hint(check, track, line, fromStart);
  }

  private static Track track(Map<Track, LastGrade> grades, Rubric.Check check) {
    return grades.keySet().stream()
        .filter(track -> grades.get(track).line(check.id()).outcome() != Outcome.PASS)
        .findFirst()
        .or(() -> grades.keySet().stream().findFirst())
        .orElse(Track.GO);
  }

  /** Returns one sentence about the last run. */
  private String said(
      Rubric.Check check,
      Track track,
      Optional<LastGrade> grade,
      LastGrade.Line line,
      Optional<String> cause) {
    if (!check.tracks().contains(track)) {
      return "does not apply to this track, so there is nothing to do.";
    }
    String run = "`mvn test -pl " + lab.name() + option(track, " -Dtrack=") + "`";
    if (grade.isEmpty()) {
      return "not run yet; " + run + " grades it.";
    }
    String submission = grade.get().submission();
    String last =
        "the last run"
            + (submission.equals(lab.name()) ? "" : ", of " + Clean.line(submission) + ",");
    return switch (line.outcome()) {
      case PASS -> last + " passed it: there is nothing to mend.";
      case FAIL -> last + " failed it: " + check.failed() + ".";
      case BLOCKED ->
          cause
              .map(
                  id ->
                      "%s could not reach it, blocked by %s; mend that first: `./lab hint %s %s%s`."
                          .formatted(last, id, rubric.lab(), id, option(track, " --track ")))
              .orElse(last + " could not reach it; " + run + " tries again.");
      case ENV_ERROR ->
          last + " did not grade it, the machine was at fault; try again: " + run + ".";
      case NA ->
          last + " did not ask for it, it does not apply: " + Clean.line(line.measured()) + ".";
      case NOT_RUN -> last + " did not come to it; " + run + " grades it.";
    };
  }

  private static String option(Track track, String option) {
    return track == Track.GO ? "" : option + track.id();
  }

  private static String facts(LastGrade.Line line) {
    if (line.outcome() != Outcome.FAIL && line.outcome() != Outcome.ENV_ERROR) {
      return "";
    }
    String measured = GradeReport.fact("measured", line.measured()) + "\n";
    return line.next().isBlank()
        ? measured
        : measured + GradeReport.fact("next", line.next()) + "\n";
  }

  private String hint(Rubric.Check check, Track track, LastGrade.Line line, boolean fromStart) {
    HintMemory memory = HintMemory.in(lab.output(HintMemory.FILE));
    HintMemory.Given before = memory.of(track, check.id());
    String about =
        switch (line.outcome()) {
          case FAIL -> problem(line.measured());
          case PASS -> "";
          // It says nothing of the answer, so the problem is still the one before.
          default -> before.about();
        };
    boolean begin = fromStart || !about.equals(before.about());
    int most = check.hints().size();
    int given = begin ? 0 : Math.max(0, Math.min(before.hints(), most));
    int number = Math.min(given + 1, most);
    memory.put(track, check.id(), new HintMemory.Given(number, about));
    memory.save();
    String text = "%s: %s\n".formatted(KINDS.get(number - 1), check.hints().get(number - 1));
    return given == most
        ? "There are no more hints; the last one again, " + text
        : "Hint %d of %d, %s".formatted(number, most, text);
  }

  /** Stands for what was measured, without what is another time each run: numbers, drawn zones. */
  private static String problem(String measured) {
    String steady = measured.replaceAll("\\b[A-Z][a-z]+/[A-Z]\\w+|\\d+", "#");
    return Integer.toHexString(steady.hashCode());
  }

  /**
   * Begins anew with the hints on what has passed: should it fail again, that is another problem.
   *
   * @param folder the folder of the lab's grades, such as {@code target/grade}
   */
  public static void beginAnew(Grade grade, Path folder) {
    HintMemory memory = HintMemory.in(folder.resolveSibling(HintMemory.FILE));
    List<Grade.Line> passed =
        grade.lines().stream().filter(line -> line.outcome() == Outcome.PASS).toList();
    boolean forgotten = false;
    for (Grade.Line line : passed) {
      forgotten |= memory.forget(grade.track(), line.check().id());
    }
    if (forgotten) {
      memory.save();
    }
  }
}
