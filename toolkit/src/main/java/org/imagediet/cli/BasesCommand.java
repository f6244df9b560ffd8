package org.imagediet.cli;

import java.nio.file.Path;
import java.util.List;
import org.imagediet.bases.Bases;
import org.imagediet.engine.Engine;
import org.imagediet.report.Table;
import org.imagediet.scan.ScannerLuggage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "bases",
    description = "Lists the base images, or carries them to machines without internet in a file.",
    synopsisSubcommandLabel = "(list | save FILE | load FILE)",
    mixinStandardHelpOptions = true)
final class BasesCommand implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: list, save FILE or load FILE");
  }

  @Command(name = "list", description = "Lists the base images that the labs may use.")
  int list() {
    try (Engine engine = EngineSession.open(ConsoleProgress.standard(), false)) {
      Table table = Table.of("image", "here");
      for (Bases.Listed listed : Bases.standard(engine).list()) {
        String state = !listed.local() ? "no" : listed.standIn() ? "stand-in" : "yes";
        table.row(listed.image().name(), state);
      }
      System.out.print(table.console());
      return 0;
    }
  }

  @Command(
      name = "save",
      description =
          "Writes the base images that are here into one file, and what `./lab scan` needs.")
  int save(@Parameters(paramLabel = "FILE") Path file) {
    ConsoleProgress progress = ConsoleProgress.standard();
    try (Engine engine = EngineSession.open(progress, false);
        var task = progress.begin("save the base images")) {
      List<String> names = Bases.standard(engine).save(file, new ScannerLuggage(engine, progress));
      task.done(names.size() + " images in " + file);
      return 0;
    }
  }

  @Command(
      name = "load",
      description = "Loads the base images from such a file, and keeps what `./lab scan` needs.")
  int load(@Parameters(paramLabel = "FILE") Path file) {
    ConsoleProgress progress = ConsoleProgress.standard();
    try (Engine engine = EngineSession.open(progress, false);
        var task = progress.begin("load the base images")) {
      List<String> names = Bases.standard(engine).load(file, new ScannerLuggage(engine, progress));
      task.done(names.size() + " images from " + file);
      return 0;
    }
  }
}
