package org.imagediet.grading.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.imagediet.archive.Sha256;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench;
import org.imagediet.workbook.BuildContext;
import org.imagediet.workbook.Dockerfile;
import org.imagediet.workbook.Dockerfile.Stage;

/**
 * What planted tests did to the stages of a Dockerfile, as far as it is known of gradings of the
 * same run: of all submissions whose tests are run by the same lines, one is built with them. A
 * stage that stops, stops whatever it is built for.
 */
final class StageTrials {

  private static final String GOES_ON = "goes on";

  /** Not the directives among them, such as {@code # syntax=}. */
  private static final Pattern COMMENT = Pattern.compile("\\s*|\\s*#(?!\\s*\\w+\\s*=).*");

  private final Dockerfile dockerfile;
  private final List<String> lines;
  private final String surroundings;
  private final Set<String> known;

  /**
   * Looks at a Dockerfile.
   *
   * @param text what it was parsed from
   * @param surroundings what else a stage's fate depends on
   * @param known what became of stages, by all that they are built from; is added to
   */
  StageTrials(Dockerfile dockerfile, String text, String surroundings, Set<String> known) {
    this.dockerfile = dockerfile;
    lines = List.of(text.split("\n", -1));
    this.surroundings = surroundings;
    // A stage that asks what it is built for may do something else for the next one.
    this.known = text.contains("TARGETSTAGE") ? new HashSet<>() : known;
  }

  /** Looks at a submission's Dockerfile. */
  static StageTrials of(Bench bench) {
    return new StageTrials(
        bench.dockerfile(),
        bench.recipe().text(),
        "%s %s %s".formatted(bench.submission().lab(), bench.submission().track(), ignored(bench)),
        bench.laboratory().stageTrials());
  }

  /** What keeps files from the builder, and tests may be among them. */
  private static String ignored(Bench bench) {
    Path file = BuildContext.ignoreFile(bench.recipe().file());
    try {
      return Files.exists(file) ? Sha256.hex(Files.readAllBytes(file)) : "nothing";
    } catch (IOException e) {
      throw new EnvironmentException(
          "The file %s cannot be read: %s.".formatted(file.getFileName(), e.getMessage()), e);
    }
  }

  /**
   * Returns the stage that a failing test in a folder is known to stop.
   *
   * @param target it is one of those that are built for this one; empty is the release
   */
  Optional<String> stopped(Optional<String> target, String folder) {
    Stage built = target.flatMap(dockerfile::stage).orElse(dockerfile.release());
    return dockerfile.builtFor(built).stream()
        .filter(stage -> known.contains(trial(stage, stops(folder))))
        .flatMap(stage -> stage.name().stream())
        .findFirst();
  }

  /** Remembers that a failing test in a folder stopped a stage. */
  void rememberStopped(String stage, String folder) {
    remember(stage, stops(folder));
  }

  /** Returns whether a stage is known to go on with tests that pass. */
  boolean goesOn(String stage) {
    return dockerfile.stage(stage).filter(of -> known.contains(trial(of, GOES_ON))).isPresent();
  }

  /** Remembers that a stage went on with tests that pass. */
  void rememberGoesOn(String stage) {
    remember(stage, GOES_ON);
  }

  private static String stops(String folder) {
    return "stops for " + folder;
  }

  private void remember(String name, String outcome) {
    dockerfile
        .stage(name)
        .filter(stage -> !dockerfile.builtFor(stage).isEmpty())
        .ifPresent(stage -> known.add(trial(stage, outcome)));
  }

  /** All that a stage is built from, and how it ended. */
  private String trial(Stage stage, String outcome) {
    List<Stage> stages = dockerfile.stages();
    List<String> text = new ArrayList<>(List.of(surroundings));
    // A builder's directives, and arguments for every FROM.
    text.addAll(lines.subList(0, stages.get(0).line() - 1));
    for (Stage needed : dockerfile.builtFor(stage)) {
      int next = needed.index() + 1;
      int end = next < stages.size() ? stages.get(next).line() - 1 : lines.size();
      text.addAll(lines.subList(needed.line() - 1, end));
    }
    // Inside a here-document what looks like a comment may be none.
    if (text.stream().noneMatch(line -> line.contains("<<"))) {
      text.removeIf(COMMENT.asMatchPredicate());
    }
    return Sha256.hex(String.join("\n", text)) + " " + outcome;
  }
}
