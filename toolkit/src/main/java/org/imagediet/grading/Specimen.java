package org.imagediet.grading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.archive.TransferSizes;
import org.imagediet.bases.BaseImage;
import org.imagediet.drill.Attack;
import org.imagediet.drill.Drill;
import org.imagediet.engine.Caches;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;
import org.imagediet.grading.Bench.BaseMatch;
import org.imagediet.image.ContainerImage;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Observer;
import org.imagediet.observation.Once;
import org.imagediet.observation.ShellOffers;
import org.imagediet.scan.ScanResult;
import org.imagediet.workbook.Track;

/**
 * One image under examination, whoever built it: saved and read once, run once in each way, however
 * many checks and gradings ask. It is there only while somebody's build of it is.
 */
final class Specimen {

  /** What a triage may call the image; the engine's own name of it is another in each run. */
  private static final String SCANNED_NAME = "app";

  private final Laboratory laboratory;
  private final String id;
  private final Once<ContainerImage> image = Once.of(this::read);
  private final Once<BaseMatch> base = Once.of(this::findBase);
  private final Once<Observer> observer = Once.of(this::observe);
  private final Once<ShellOffers> shellOffers = Once.of(this::offer);
  private final Once<ScanResult> scan = Once.of(this::examine);
  private final Map<Track, Once<Map<Attack, Observation>>> drills = new ConcurrentHashMap<>();

  Specimen(Laboratory laboratory, String id) {
    this.laboratory = laboratory;
    this.id = id;
  }

  /**
   * Returns what was read from its archive.
   *
   * @throws org.imagediet.archive.ArchiveException when it cannot be read
   */
  ContainerImage image() {
    return image.get();
  }

  /** Returns the base image that it stands on, by its layers. */
  BaseMatch base() {
    return base.get();
  }

  /** Returns who runs it and looks on. */
  Observer observer() {
    return observer.get();
  }

  /** Returns which of its programs, offered to be a shell, was one. */
  ShellOffers shellOffers() {
    return shellOffers.get();
  }

  /**
   * Returns what the scanner finds in it.
   *
   * @throws EnvironmentException when it cannot be scanned
   */
  ScanResult scan() {
    return scan.get();
  }

  /**
   * Returns what each attack of the drill came to.
   *
   * @throws org.imagediet.probe.NoAnswerException when the drill build does not answer in it
   */
  Map<Attack, Observation> drill(Track track) {
    return drills.computeIfAbsent(track, t -> Once.of(() -> attack(t))).get();
  }

  private ContainerImage read() {
    try (InputStream archive = laboratory.engine().save(id)) {
      return ImageArchive.read(
          archive,
          ReadOptions.defaults()
              .transferSizes(TransferSizes.in(Caches.file("transfer-sizes.json")))
              .expecting(laboratory.engine().layers(id)));
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while saving an image; run again.", e);
    }
  }

  /** Saves it once more, since a scanner is another program and reads a file. */
  private ScanResult examine() {
    try (TempFolder folder = TempFolder.create()) {
      Path file = folder.path().resolve("image.tar");
      try (InputStream archive = laboratory.engine().save(id)) {
        Files.copy(archive, file);
      }
      return laboratory.scanner().scan(file, SCANNED_NAME).result();
    } catch (IOException e) {
      throw new EnvironmentException(
          "The engine broke off while saving an image for the scanner; run again.", e);
    }
  }

  private Observer observe() {
    return new Observer(laboratory.probe(), id, image());
  }

  private ShellOffers offer() {
    return ShellOffers.make(laboratory.engine(), id, image(), base().layers());
  }

  private BaseMatch findBase() {
    List<String> names = new ArrayList<>();
    int most = 0;
    for (BaseImage known : laboratory.bases().catalogue().images()) {
      List<String> layers = laboratory.engine().layers(known.name());
      boolean below = !layers.isEmpty() && image().standsOn(layers);
      if (below && layers.size() >= most) {
        if (layers.size() > most) {
          names.clear();
          most = layers.size();
        }
        names.add(known.name());
      }
    }
    return new BaseMatch(List.copyOf(names), most);
  }

  private Map<Attack, Observation> attack(Track track) {
    return Drill.run(
        laboratory.probe(), id, image(), laboratory.drillPrograms().of(track, image()));
  }
}
