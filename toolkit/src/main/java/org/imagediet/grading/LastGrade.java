package org.imagediet.grading;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.imagediet.workbook.LabFolder;
import org.imagediet.workbook.Track;

/**
 * What a lab's last run in one track said, from the {@code grade.json} that it left.
 *
 * @param submission where the graded files came from; the lab's own name for the lab's own
 */
record LastGrade(Track track, String submission, FileTime written, Map<String, Line> lines) {

  /** One check's line; the texts are not cleaned. */
  record Line(Outcome outcome, String measured, String next) {

    /** Nobody has decided. */
    static final Line NONE = new Line(Outcome.NOT_RUN, "", "");
  }

  /** Finds the last run in each track that there was one in. */
  static Map<Track, LastGrade> of(LabFolder lab) {
    Path folder = lab.output("grade");
    Map<Track, LastGrade> grades = new EnumMap<>(Track.class);
    // A run in one track writes the first, a run in several the others.
    Stream.concat(
            Stream.of(folder),
            Arrays.stream(Track.values()).map(track -> folder.resolve(track.id())))
        .map(place -> read(place.resolve("grade.json"), lab.number()))
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(LastGrade::written))
        .forEach(grade -> grades.put(grade.track(), grade));
    return grades;
  }

  private static Optional<LastGrade> read(Path file, String lab) {
    JsonNode root = JsonFile.read(file);
    Optional<Track> track = Track.parse(root.path("track").asText());
    if (track.isEmpty() || !root.path("lab").asText().equals(lab)) {
      return Optional.empty();
    }
    Map<String, Line> lines = new HashMap<>();
    for (JsonNode check : root.path("checks")) {
      outcome(check.path("outcome").asText())
          .ifPresent(
              outcome ->
                  lines.put(
                      check.path("id").asText(),
                      new Line(
                          outcome, check.path("measured").asText(), check.path("next").asText())));
    }
    try {
      return Optional.of(
          new LastGrade(
              track.get(),
              root.path("submission").asText(),
              Files.getLastModifiedTime(file),
              lines));
    } catch (IOException e) {
      // Cleaned away this moment.
      return Optional.empty();
    }
  }

  private static Optional<Outcome> outcome(String name) {
    return Arrays.stream(Outcome.values())
        .filter(outcome -> outcome.name().equals(name))
        .findFirst();
  }

  /** Returns what it said of a check. */
  Line line(String check) {
    return lines.getOrDefault(check, Line.NONE);
  }

  /** Returns the check that is the first cause of a blocked one; none when it is not there. */
  Optional<String> cause(String blocked) {
    String check = blocked;
    // Not for ever: the file may send us round in a circle.
    for (int i = 0; i <= lines.size(); i++) {
      Line line = line(check);
      if (line.outcome() != Outcome.BLOCKED) {
        return Optional.of(check).filter(id -> line.outcome() == Outcome.FAIL);
      }
      check = line.measured().replaceFirst("^" + Judge.BLOCKED_BY, "").strip();
    }
    return Optional.empty();
  }
}
