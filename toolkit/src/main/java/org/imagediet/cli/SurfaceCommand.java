package org.imagediet.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.imagediet.bases.Bases;
import org.imagediet.diet.Diet;
import org.imagediet.diet.DietException;
import org.imagediet.diet.Reference;
import org.imagediet.drill.Drill;
import org.imagediet.drill.DrillProgram;
import org.imagediet.drill.DrillPrograms;
import org.imagediet.drill.Surface;
import org.imagediet.drill.SurfaceReport;
import org.imagediet.engine.Engine;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.Progress;
import org.imagediet.image.ContainerImage;
import org.imagediet.observation.Observer;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "surface",
    description = {
      "Builds and runs the naive, distroless and scratch images of the reference service, and counts"
          + " what an attacker would find in each.",
      "In a handout, which has no solutions, it looks at your own images of labs 01, 02 and 03.",
      "With --attacks it also attacks them: a drill build of the service, vulnerable by design,"
          + " runs among each image's files, in a container without a network."
    },
    mixinStandardHelpOptions = true)
final class SurfaceCommand implements Callable<Integer> {

  @Option(
      names = "--track",
      defaultValue = "go",
      converter = TrackOption.class,
      description = "The language of the service: go (the default), another or all.")
  private TrackOption track;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--attacks", description = "Attack the images too.")
  private boolean attacks;

  @Option(names = "--yes", description = "Install an engine without asking.")
  private boolean yes;

  @Override
  public Integer call() {
    ConsoleProgress progress = ConsoleProgress.standard();
    Workbook workbook = Workbook.find();
    List<Track> tracks = track.tracks(spec, workbook);
    try (Engine engine = EngineSession.open(progress, yes)) {
      Bases bases = Bases.standard(engine);
      DrillPrograms programs =
          new DrillPrograms(workbook, engine, bases, ImageBuilder.choose(engine), progress);
      boolean failed = false;
      for (Track one : tracks) {
        Diet diet = new Diet(workbook, engine, bases, progress, reference -> false);
        SurfaceReport report = new SurfaceReport();
        diet.each(
            Reference.of(workbook, one),
            List.of(),
            (probe, reference, image) -> {
              look(probe, reference, image, programs, report, progress);
              return reference;
            });
        System.out.print("\n" + report.console(one.id()) + "\n");
        diet.circumstances().notes().forEach(System.out::println);
        failed |= diet.anyFailed();
      }
      return failed ? Failure.WRONG : 0;
    }
  }

  private void look(
      Probe probe,
      Reference reference,
      ContainerImage image,
      DrillPrograms programs,
      SurfaceReport report,
      Progress progress) {
    String label = reference.track().id() + " " + reference.variant();
    try {
      try (Progress.Task task = progress.begin("run " + label)) {
        Observer observer = new Observer(probe, reference.imageName(), image);
        report.add(reference.variant(), Surface.of(image, observer.asItIs()));
        task.done("");
      }
      if (attacks) {
        DrillProgram program = programs.of(reference.track(), image);
        try (Progress.Task task = progress.begin("attack " + label)) {
          report.add(reference.variant(), Drill.run(probe, reference.imageName(), image, program));
          task.done("");
        }
      }
    } catch (NoAnswerException e) {
      throw new DietException("The image " + label + " does not work: " + e.getMessage() + ".");
    }
  }
}
