package org.imagediet.grading;

import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.imagediet.bases.Bases;
import org.imagediet.bases.ResolvedBase;
import org.imagediet.drill.DrillPrograms;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.Progress;
import org.imagediet.observation.Once;
import org.imagediet.probe.Probe;
import org.imagediet.scan.Scanner;
import org.imagediet.scan.Scanners;
import org.imagediet.workbook.Workbook;
import org.imagediet.workflow.Runner;

/**
 * What all gradings on a machine share: the engine, the builder, the base images and the probe.
 * Each is come by when it is first needed, and what cannot be had is asked for once.
 */
public final class Laboratory implements AutoCloseable {

  private final Progress progress;
  private final Once<Engine> engine = Once.of(Engines::connect);
  private final Once<Bases> bases = Once.of(() -> Bases.standard(engine()));
  private final Once<ImageBuilder> builder = Once.of(() -> ImageBuilder.choose(engine()));
  private final Once<Probe> probe = Once.of(this::startProbe);
  private final Once<Scanner> scanner = Once.of(this::openScanner);
  private final Once<Runner> runner = Once.of(this::prepareRunner);
  private final Once<DrillPrograms> drillPrograms = Once.of(this::prepareDrill);

  private final String secret = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
  private final Map<String, Specimen> specimens = new ConcurrentHashMap<>();

  /** Prepares; nothing is asked of the engine yet. */
  public Laboratory(Progress progress) {
    this.progress = progress;
  }

  /**
   * Returns the engine.
   *
   * @throws org.imagediet.engine.EnvironmentException when none answers
   */
  public Engine engine() {
    return engine.get();
  }

  /** Returns the one builder that everybody's images are built with. */
  public ImageBuilder builder() {
    return builder.get();
  }

  /** Returns the base images that the labs may use. */
  public Bases bases() {
    return bases.get();
  }

  /**
   * Makes base images local.
   *
   * @throws org.imagediet.engine.EnvironmentException when one is not to be had
   */
  public List<ResolvedBase> ensure(Collection<String> names) {
    return bases().ensure(names, progress);
  }

  /** Returns a word that no other run has. */
  String secret() {
    return secret;
  }

  /** Returns the probe. */
  public Probe probe() {
    return probe.get();
  }

  /**
   * Returns the vulnerability scanner.
   *
   * @throws org.imagediet.engine.EnvironmentException when none is to be had
   */
  Scanner scanner() {
    return scanner.get();
  }

  private Scanner openScanner() {
    return Scanners.open(Scanners.Choice.AUTO, Optional.of(engine()), progress);
  }

  /** Returns the drill builds of the service. */
  DrillPrograms drillPrograms() {
    return drillPrograms.get();
  }

  private DrillPrograms prepareDrill() {
    return new DrillPrograms(Workbook.find(), engine(), bases(), builder(), progress);
  }

  /** Returns where the steps of workflows are run. */
  public Runner runner() {
    return runner.get();
  }

  private Runner prepareRunner() {
    ensure(List.of(Runner.BASE));
    return new Runner(engine());
  }

  /** Returns an image by its id, with all that is known of it in this run. */
  Specimen specimen(String imageId) {
    return specimens.computeIfAbsent(imageId, id -> new Specimen(this, id));
  }

  private Probe startProbe() {
    ensure(List.of(Probe.BASE));
    return Probe.start(engine(), Probe.BASE);
  }

  /** Shows that something takes time. */
  public Progress progress() {
    return progress;
  }

  @Override
  public void close() {
    runner.known().ifPresent(Runner::close);
    scanner.known().ifPresent(Scanner::close);
    probe.known().ifPresent(Probe::close);
    engine.known().ifPresent(Engine::close);
  }
}
