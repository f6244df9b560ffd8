package org.imagediet.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.imagediet.bases.Bases;
import org.imagediet.diet.Diet;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description = "Runs the workbook's own tests, after seeing to an engine and base images.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

  @Option(names = "--yes", description = "Install an engine without asking.")
  private boolean yes;

  @Override
  public Integer call() throws InterruptedException {
    ConsoleProgress progress = ConsoleProgress.standard();
    Workbook workbook = Workbook.find();
    try (Engine engine = EngineSession.open(progress, yes)) {
      Bases.standard(engine).ensure(Diet.basesOf(workbook, List.of(Track.values())), progress);
    }
    try {
      Process maven =
          new ProcessBuilder("mvn", "-B", "verify", "-Dgrade.skip=true")
              .directory(workbook.root().toFile())
              .inheritIO()
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(maven::destroy, "maven-stopper"));
      return maven.waitFor() == 0 ? 0 : Main.WRONG;
    } catch (IOException e) {
      throw new EnvironmentException("Maven cannot be started: " + e.getMessage() + ".", e);
    }
  }
}
