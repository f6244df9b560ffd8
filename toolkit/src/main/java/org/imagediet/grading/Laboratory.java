package org.imagediet.grading;

import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.imagediet.archive.KnownLayers;
import org.imagediet.archive.TransferSizes;
import org.imagediet.bases.Bases;
import org.imagediet.bases.ResolvedBase;
import org.imagediet.drill.DrillPrograms;
import org.imagediet.engine.Caches;
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
 * What all gradings on a machine share: the engine, the builder, the base images, what is known of
 * images, and the probe. Each is come by when it is first needed, and what cannot be had is asked
 * for once.
 */
public final class Laboratory implements AutoCloseable {

  private final Stock stock;
  private final boolean own;
  private final Once<Probe> probe = Once.of(this::startProbe);
  private final Once<Runner> runner = Once.of(this::prepareRunner);
  private final String secret = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
  private final Map<String, Specimen> specimens = new ConcurrentHashMap<>();

  /** All that several laboratories can use at a time. */
  private static final class Stock {
    final Progress progress;
    final Once<Engine> engine = Once.of(Engines::connect);
    final Once<Bases> bases = Once.of(() -> Bases.standard(engine.get()));
    final Once<ImageBuilder> builder = Once.of(() -> ImageBuilder.choose(engine.get()));
    final Once<TransferSizes> transferSizes =
        Once.of(() -> TransferSizes.in(Caches.file("transfer-sizes.json")));
    final Once<Scanner> scanner = Once.of(this::openScanner);
    final Once<DrillPrograms> drillPrograms = Once.of(this::prepareDrill);
    final KnownLayers layers = new KnownLayers();
    final Map<String, Examined> examined = new ConcurrentHashMap<>();
    final Set<String> stageTrials = ConcurrentHashMap.newKeySet();

    Stock(Progress progress) {
      this.progress = progress;
    }

    private Scanner openScanner() {
      return Scanners.open(Scanners.Choice.AUTO, Optional.of(engine.get()), progress);
    }

    private DrillPrograms prepareDrill() {
      return new DrillPrograms(Workbook.find(), engine.get(), bases.get(), builder.get(), progress);
    }

    Examined examined(String imageId) {
      return examined.computeIfAbsent(
          imageId,
          id ->
              new Examined(
                  engine.get(), id, bases.get(), layers, scanner::get, transferSizes::get));
    }
  }

  /** Prepares; nothing is asked of the engine yet. */
  public Laboratory(Progress progress) {
    this(new Stock(progress), true);
  }

  private Laboratory(Stock stock, boolean own) {
    this.stock = stock;
    this.own = own;
  }

  /**
   * Returns another laboratory for gradings at the same time. It shares everything but the probe,
   * beside which one image runs at a time, and is of use as long as this one is open. All that is
   * graded there counts as the workbook's own, and shares cache mounts.
   */
  public Laboratory beside() {
    return new Laboratory(stock, false);
  }

  /**
   * Returns the engine.
   *
   * @throws org.imagediet.engine.EnvironmentException when none answers
   */
  public Engine engine() {
    return stock.engine.get();
  }

  /** Returns the one builder that everybody's images are built with. */
  public ImageBuilder builder() {
    return stock.builder.get();
  }

  /** Returns the base images that the labs may use. */
  public Bases bases() {
    return stock.bases.get();
  }

  /**
   * Makes base images local.
   *
   * @throws org.imagediet.engine.EnvironmentException when one is not to be had
   */
  public List<ResolvedBase> ensure(Collection<String> names) {
    return bases().ensure(names, stock.progress);
  }

  /** Returns whether all that is graded here is one person's, wherever it lies. */
  boolean onePersons() {
    return !own;
  }

  /** Returns a word that no other run has. */
  String secret() {
    return secret;
  }

  /** Returns the probe. */
  public Probe probe() {
    return probe.get();
  }

  /** Returns the drill builds of the service. */
  DrillPrograms drillPrograms() {
    return stock.drillPrograms.get();
  }

  /**
   * Returns what planted tests did to stages, so that nobody builds the same stage for it again.
   */
  public Set<String> stageTrials() {
    return stock.stageTrials;
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
    return specimens.computeIfAbsent(imageId, id -> new Specimen(this, id, stock.examined(id)));
  }

  private Probe startProbe() {
    ensure(List.of(Probe.BASE));
    return Probe.start(engine(), Probe.BASE);
  }

  /** Shows that something takes time. */
  public Progress progress() {
    return stock.progress;
  }

  @Override
  public void close() {
    runner.known().ifPresent(Runner::close);
    probe.known().ifPresent(Probe::close);
    if (own) {
      stock.scanner.known().ifPresent(Scanner::close);
      stock.engine.known().ifPresent(Engine::close);
    }
  }
}
