package org.imagediet.grading;

import java.nio.file.Path;
import org.imagediet.engine.Progress;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;

/** A grading in a process of its own, for {@link KilledRunIT} to kill. */
final class KilledRun {

  private KilledRun() {}

  /** Builds and runs the submission in a folder. */
  public static void main(String[] arguments) {
    Submission submission =
        new Submission(Path.of(arguments[0]), "lab-02-distroless", Track.GO, "killed");
    try (Laboratory laboratory = new Laboratory(Progress.SILENT);
        Bench bench = new Bench(laboratory, Workbook.find(), submission, () -> {})) {
      bench.running();
    }
  }
}
