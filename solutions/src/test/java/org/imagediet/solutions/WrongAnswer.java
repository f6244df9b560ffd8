package org.imagediet.solutions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.imagediet.workbook.Track;

/**
 * A mistake that people make, or a way in which they cheat; what is absent from its folder is as in
 * the solution. Its first file begins with what is wrong, which checks must fail, and a phrase of
 * each text that a student must read.
 */
record WrongAnswer(
    Content.Lab lab, Track track, Path folder, Set<String> fails, List<String> says) {

  /** JSON has no comments, so that a wrong triage or baseline brings a file with them. */
  private static final List<String> FILES =
      List.of(
          "Dockerfile",
          "jib.yaml",
          "answers.yaml",
          "compose.yaml",
          "findings.yaml",
          "workflow.yml",
          "budget.yaml",
          "header.txt");

  static WrongAnswer read(Content.Lab lab, Track track, Path folder) {
    Path first =
        FILES.stream()
            .map(folder::resolve)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(folder + " is empty"));
    if (values(first, "Wrong").isEmpty()) {
      throw new IllegalStateException(first + " does not say what is wrong");
    }
    Set<String> fails = new TreeSet<>();
    values(first, "Fails").forEach(line -> fails.addAll(List.of(line.split("\\s*,\\s*"))));
    List<String> says = values(first, "Says");
    if (fails.isEmpty() || says.isEmpty()) {
      throw new IllegalStateException(first + " does not say which checks fail, and with what");
    }
    return new WrongAnswer(lab, track, folder, fails, says);
  }

  private static List<String> values(Path file, String key) {
    String prefix = "# " + key + ":";
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .takeWhile(line -> line.startsWith("#"))
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return lab.number() + " " + folder.getParent().getFileName() + ", " + track.id();
  }
}
