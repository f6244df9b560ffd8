package org.imagediet.grading;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.report.Clean;
import org.imagediet.report.Table;

/** A grade as a failure's text, as the table at a lab's end and as {@code grade.json}. */
public final class GradeReport {

  private static final int MOST_LINES = 25;

  private GradeReport() {}

  /** Returns the four facts of a failed check, below its headline. */
  public static String failure(Grade grade, Grade.Line line) {
    return String.join(
        "\n",
        head(grade, line, line.check().failed()),
        fact("measured", line.measured()),
        fact("expected", line.check().expected()),
        fact("why", line.check().why()),
        fact(
            "next",
            (line.next().isEmpty() ? "" : line.next() + " ")
                + "`./lab hint %s %s`".formatted(grade.rubric().lab(), line.check().id())));
  }

  /** Returns why a check was not judged, and what to do, below a headline. */
  static String notGraded(Grade grade, Grade.Line line) {
    return String.join(
        "\n",
        head(grade, line, "not graded"),
        fact("measured", line.measured()),
        fact("next", line.next()));
  }

  private static String head(Grade grade, Grade.Line line, String what) {
    return "[%s %s, %s] %s"
        .formatted(grade.rubric().lab(), line.check().id(), grade.track().id(), what);
  }

  /** Returns one fact of a check, cleaned; its further lines are indented. */
  static String fact(String name, String text) {
    return "  %-10s%s".formatted(name + ":", String.join("\n            ", cleaned(text)));
  }

  /** Returns the table that a lab's run ends with. */
  public static String console(Grade grade) {
    Table table = Table.of("check", "points", "outcome", "what");
    for (Grade.Line line : grade.lines()) {
      table.row(
          line.check().id(),
          line.points() + "/" + line.most(),
          word(line.outcome()),
          line.check().title());
    }
    StringBuilder text = new StringBuilder();
    text.append(
        "\nLab %s, %s, track %s: %d of %d points\n\n"
            .formatted(
                grade.rubric().lab(),
                grade.rubric().title(),
                grade.track().id(),
                grade.score(),
                grade.most()));
    text.append(table.console());
    if (grade.lines().stream().anyMatch(line -> line.outcome() == Outcome.BLOCKED)) {
      text.append("\nblocked: an earlier failure made it unreachable; mend that one first.\n");
    }
    if (grade.lines().stream().anyMatch(line -> line.outcome() == Outcome.ENV_ERROR)) {
      text.append(
          "\nnot graded: the machine is at fault, not the answer; mend what it names, run"
              + " again.\n");
    }
    if (grade.standIns()) {
      text.append("\nGraded on stand-ins for the published base images.\n");
    }
    return text.toString();
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case ENV_ERROR -> "not graded";
      case NA -> "n/a";
      case NOT_RUN -> "not run";
      default -> outcome.name().toLowerCase(Locale.ROOT);
    };
  }

  /** Returns the contents of {@code grade.json}. */
  public static ObjectNode json(Grade grade) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("lab", grade.rubric().lab());
    root.put("track", grade.track().id());
    root.put("submission", Clean.line(grade.submission()));
    root.put("standIns", grade.standIns());
    root.put("complete", grade.complete());
    root.put("score", grade.score());
    root.put("max", grade.most());
    ArrayNode checks = root.putArray("checks");
    for (Grade.Line line : grade.lines()) {
      ObjectNode check = checks.addObject();
      check.put("id", line.check().id());
      check.put("outcome", line.outcome().name());
      check.put("points", line.points());
      check.put("max", line.most());
      check.put("measured", String.join("\n", cleaned(line.measured())));
      check.put("expected", line.check().expected());
      check.put("why", line.check().why());
      check.put("next", String.join("\n", cleaned(line.next())));
    }
    return root;
  }

  /** Returns printable lines, of which there are not many. */
  private static List<String> cleaned(String text) {
    List<String> lines = text.strip().lines().toList();
    List<String> cleaned =
        new ArrayList<>(lines.stream().limit(MOST_LINES).map(Clean::line).toList());
    if (lines.size() > MOST_LINES) {
      cleaned.add("... and %d more lines".formatted(lines.size() - MOST_LINES));
    }
    return cleaned;
  }

  /**
   * Writes {@code grade.json}, whole or not at all.
   *
   * @throws EnvironmentException in one sentence, when it cannot be written
   */
  public static void write(Grade grade, Path file) {
    try {
      JsonFile.write(json(grade), file);
    } catch (IOException e) {
      throw new EnvironmentException(
          "The grade cannot be written to %s (%s); see to that folder and run again."
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }
}
