package org.imagediet.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.imagediet.bases.BaseImage;
import org.imagediet.bases.Bases;
import org.imagediet.bases.ResolvedBase;
import org.imagediet.diet.Diet;
import org.imagediet.engine.Engine;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "setup",
    description = "Sees to an engine and to the base images of the labs. Does nothing twice.",
    mixinStandardHelpOptions = true)
final class SetupCommand implements Callable<Integer> {

  @Option(names = "--yes", description = "Install an engine without asking.")
  private boolean yes;

  @Option(
      names = "--track",
      defaultValue = "all",
      converter = TrackOption.class,
      description = "Only the base images of one track, or of all.")
  private TrackOption track;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--all", description = "Every base image of the catalogue.")
  private boolean all;

  @Override
  public Integer call() {
    ConsoleProgress progress = ConsoleProgress.standard();
    Workbook workbook = Workbook.find();
    List<Track> tracks = track.tracks(spec, workbook);
    try (Engine engine = EngineSession.open(progress, yes)) {
      System.out.println("Engine: " + engine.description() + ".");
      Bases bases = Bases.standard(engine);
      Set<String> names = new LinkedHashSet<>();
      if (all) {
        bases.catalogue().images().stream().map(BaseImage::name).forEach(names::add);
      } else {
        names.addAll(Diet.basesOf(workbook, tracks));
      }
      List<ResolvedBase> resolved = bases.ensure(names, progress);
      long standIns = resolved.stream().filter(ResolvedBase::standIn).count();
      System.out.printf(
          "Base images: %d are ready, %d of them stand-ins made from Debian packages.%n",
          resolved.size(), standIns);
      return 0;
    }
  }
}
