package org.imagediet.solutions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imagediet.workbook.Track;

/**
 * A solution with something changed by a machine: for the worse, and then the checks named must
 * catch it, or without harm, and then it must keep every point.
 *
 * @param name what was changed, unique among all
 * @param files the changed files' contents; nothing for a file that is taken away
 * @param caughtBy the checks that must fail; none when the change is harmless
 * @param sample whether it is among the few that are tried at every verification
 */
record EditedSolution(
    String name,
    Content.Lab lab,
    Track track,
    Map<String, Optional<String>> files,
    Set<String> caughtBy,
    boolean sample) {

  boolean harmless() {
    return caughtBy.isEmpty();
  }

  String title() {
    return "%s %s: %s".formatted(lab.number(), track.id(), name);
  }

  /** Writes the whole submission into a folder. */
  void into(Path folder) {
    Content.copy(Content.solution(lab, track), folder);
    try {
      for (Map.Entry<String, Optional<String>> file : files.entrySet()) {
        Path path = folder.resolve(file.getKey());
        if (file.getValue().isPresent()) {
          Files.writeString(path, file.getValue().get());
        } else {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
