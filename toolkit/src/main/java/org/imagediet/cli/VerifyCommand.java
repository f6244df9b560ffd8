package org.imagediet.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.imagediet.bases.Bases;
import org.imagediet.diet.Diet;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    description = "Runs the workbook's own tests, after seeing to an engine and base images.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

  private static final int TIDY_SECONDS = 20;

  @Option(names = "--yes", description = "Install an engine without asking.")
  private boolean yes;

  @Option(
      names = "--verdicts",
      description = {
        "Instead, grade every mutant and every variation of the solutions, which takes an hour,"
            + " and write solutions/target/verdicts.md: how often each check was wrong."
      })
  private boolean verdicts;

  @Option(
      names = "--fresh",
      description = {
        "Grade everything, also what passed here before and is unchanged since, with the grader and"
            + " all else that it depends on."
      })
  private boolean fresh;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ConsoleProgress progress = ConsoleProgress.standard();
    Workbook workbook = Workbook.find();
    boolean whole = workbook.solutions().isPresent();
    if (!whole && verdicts) {
      throw new ParameterException(
          spec.commandLine(), "--verdicts grades the solutions, and a handout has none.");
    }
    if (!whole) {
      System.err.println(
          "lab: this workbook is a handout, without solutions and without the tests of the labs'"
              + " content; what is tested is the toolkit and the service.");
    }
    String address;
    try (Engine engine = EngineSession.open(progress, yes)) {
      // In a handout the images are a student's, and no business of these tests.
      List<Track> tracks = whole ? workbook.tracks() : List.of();
      Bases.standard(engine).ensure(Diet.basesOf(workbook, tracks), progress);
      address = engine.address().toString();
    }
    return maven(workbook, address) == 0 ? 0 : Failure.WRONG;
  }

  private List<String> argv() {
    List<String> argv = new ArrayList<>(List.of("mvn", "-B", "verify", "-Dgrade.skip=true"));
    if (fresh) {
      argv.add("-Dfresh=true");
    }
    if (verdicts) {
      argv.addAll(List.of("--projects=solutions", "--also-make", "-Dverdicts=all"));
      argv.addAll(List.of("-Dtest=VerdictsTest", "-Dsurefire.failIfNoSpecifiedTests=false"));
    }
    return argv;
  }

  private int maven(Workbook workbook, String address) throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(argv()).directory(workbook.root().toFile()).inheritIO();
    // The tests must meet the engine that was just seen to, and no other one.
    builder.environment().put("DOCKER_HOST", address);
    Process maven;
    try {
      maven = builder.start();
    } catch (IOException e) {
      throw new EnvironmentException("Maven cannot be started: " + e.getMessage() + ".", e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(maven), "maven-stopper"));
    // The hook stays: with Maven gone it does nothing, and removing it would fail at Ctrl-C.
    return maven.waitFor();
  }

  /** Ends the tests in a way that lets them remove their containers, and waits for that. */
  private static void stop(Process maven) {
    maven.descendants().forEach(ProcessHandle::destroy);
    maven.destroy();
    try {
      maven.waitFor(TIDY_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
