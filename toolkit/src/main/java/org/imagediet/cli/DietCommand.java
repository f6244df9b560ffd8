package org.imagediet.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.imagediet.bases.Bases;
import org.imagediet.diet.Diet;
import org.imagediet.diet.DietReport;
import org.imagediet.diet.DietResult;
import org.imagediet.engine.Engine;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "diet",
    description = {
      "Builds the naive, distroless and scratch images of the reference service, runs each, and"
          + " prints what they cost and what they give up.",
      "In a handout, which has no solutions, it measures your own images of labs 01, 02 and 03.",
      "Writes target/diet/diet.md and target/diet/diet.json."
    },
    mixinStandardHelpOptions = true)
final class DietCommand implements Callable<Integer> {

  @Option(
      names = "--track",
      defaultValue = "go",
      converter = TrackOption.class,
      description = "The language of the service: go (the default), another or all.")
  private TrackOption track;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--json", description = "Print diet.json instead of the tables.")
  private boolean json;

  @Option(names = "--yes", description = "Install an engine without asking.")
  private boolean yes;

  @Override
  public Integer call() {
    ConsoleProgress progress = ConsoleProgress.standard();
    Workbook workbook = Workbook.find();
    List<Track> tracks = track.tracks(spec, workbook);
    try (Engine engine = EngineSession.open(progress, yes)) {
      Diet diet = new Diet(workbook, engine, Bases.standard(engine), progress);
      DietResult result = diet.run(tracks);
      DietReport report = new DietReport(result);
      String text = report.json().toPrettyString() + "\n";
      OutputFile.write(workbook.output("diet"), "diet.json", text);
      OutputFile.write(workbook.output("diet"), "diet.md", report.markdown());
      System.out.print(json ? text : report.console());
      return result.failed().isEmpty() ? 0 : Failure.WRONG;
    }
  }
}
