package org.imagediet.solutions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.imagediet.grading.Rubric;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;

/** Finds starters, solutions and wrong answers in the workbook. */
final class Content {

  /** A lab, and the test that grades it. */
  enum Lab {
    NAIVE("lab-01-naive", "org.imagediet.lab01.NaiveTest"),
    DISTROLESS("lab-02-distroless", "org.imagediet.lab02.DistrolessTest"),
    SCRATCH("lab-03-scratch", "org.imagediet.lab03.ScratchTest"),
    HARDENING("lab-04-hardening", "org.imagediet.lab04.HardeningTest"),
    CI_BUDGET("lab-05-ci-budget", "org.imagediet.lab05.CiBudgetTest");

    private final String folder;
    private final String test;

    Lab(String folder, String test) {
      this.folder = folder;
      this.test = test;
    }

    String folder() {
      return folder;
    }

    String test() {
      return test;
    }

    String number() {
      return folder.substring(4, 6);
    }

    /** Returns what it asks. */
    Rubric rubric() {
      try {
        return Rubric.beside(Class.forName(test));
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Content() {}

  static Path starter(Lab lab, Track track) {
    return Workbook.find().root().resolve(lab.folder()).resolve(track.id());
  }

  static Path solution(Lab lab, Track track) {
    return Workbook.find().root().resolve("solutions").resolve(lab.folder()).resolve(track.id());
  }

  static List<WrongAnswer> wrongAnswers(Lab lab, Track track) {
    Path wrong = Workbook.find().root().resolve("solutions").resolve(lab.folder()).resolve("wrong");
    return list(wrong).stream()
        .map(folder -> folder.resolve(track.id()))
        .filter(Files::isDirectory)
        .map(folder -> WrongAnswer.read(lab, track, folder))
        .toList();
  }

  /** Deletes a folder of ours with all that is in it. */
  static void delete(Path folder) {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      list(folder).forEach(Content::delete);
    }
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a submission's files into a new folder. */
  static void copy(Path submission, Path target) {
    try {
      Files.createDirectories(target);
      for (Path file : list(submission)) {
        if (Files.isRegularFile(file)) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lays a submission's files over those of the solution, in a folder of its own. */
  static void overlay(Path solution, Path changes, Path target) {
    copy(solution, target);
    try {
      if (Files.exists(changes.resolve("Dockerfile"))) {
        // A submission with both is graded by its jib.yaml.
        Files.deleteIfExists(target.resolve("jib.yaml"));
      }
      for (Path file : list(changes)) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
