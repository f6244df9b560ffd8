package org.imagediet.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.imagediet.bases.Bases;
import org.imagediet.engine.Engine;
import org.imagediet.variants.Variants;
import org.imagediet.variants.VariantsReport;
import org.imagediet.variants.VariantsResult;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "variants",
    description = {
      "Builds the reference service, runs it on every distroless variant, and prints where it works"
          + " and what it does not find where it does not.",
      "In a handout, which has no solutions, it tries your own image of lab 02.",
      "Writes target/variants/variants.md and target/variants/variants.json."
    },
    mixinStandardHelpOptions = true)
final class VariantsCommand implements Callable<Integer> {

  @Option(
      names = "--track",
      defaultValue = "go",
      converter = TrackOption.class,
      description = "The language of the service: go (the default), another or all.")
  private TrackOption track;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--json", description = "Print variants.json instead of the tables.")
  private boolean json;

  @Option(names = "--yes", description = "Install an engine without asking.")
  private boolean yes;

  @Override
  public Integer call() {
    ConsoleProgress progress = ConsoleProgress.standard();
    Workbook workbook = Workbook.find();
    List<Track> tracks = track.tracks(spec, workbook);
    try (Engine engine = EngineSession.open(progress, yes)) {
      VariantsResult result =
          new Variants(workbook, engine, Bases.standard(engine), progress).run(tracks);
      VariantsReport report = new VariantsReport(result);
      String text = report.json().toPrettyString() + "\n";
      Path folder = workbook.output("variants");
      OutputFile.write(folder, "variants.json", text);
      OutputFile.write(folder, "variants.md", report.markdown());
      System.out.print(json ? text : report.console());
      return result.good() ? 0 : Failure.WRONG;
    }
  }
}
