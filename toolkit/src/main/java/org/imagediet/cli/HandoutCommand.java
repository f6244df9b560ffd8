package org.imagediet.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.imagediet.report.Clean;
import org.imagediet.workbook.Handout;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "handout",
    description = {
      "Writes the workbook that students get: without solutions, wrong answers and history.",
      "Of a git checkout it takes the files that git tracks, as they are in the folder."
    },
    mixinStandardHelpOptions = true)
final class HandoutCommand implements Callable<Integer> {

  private static final int SHOWN = 10;

  @Parameters(paramLabel = "DIR", description = "A folder that is empty or not there yet.")
  private Path folder = Path.of("");

  @Override
  public Integer call() {
    Handout handout = Handout.write(Workbook.find(), folder);
    System.out.println(
        Clean.line(
            "The handout is in %s: %d files, no solutions, no wrong answers, no history."
                .formatted(handout.folder(), handout.files())));
    int changed = handout.uncommitted().size();
    if (changed > 0) {
      System.out.println(
          Clean.line(
              "Not as in the last commit, so see that none is an answer of yours: %s%s."
                  .formatted(
                      String.join(", ", handout.uncommitted().subList(0, Math.min(SHOWN, changed))),
                      changed > SHOWN ? " and %d more".formatted(changed - SHOWN) : "")));
    }
    return 0;
  }
}
