package org.imagediet.grading;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.imagediet.archive.ArchiveException;
import org.imagediet.archive.ChangedLayerException;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.KnownLayers;
import org.imagediet.archive.ReadOptions;
import org.imagediet.archive.TransferSizes;
import org.imagediet.bases.Bases;
import org.imagediet.drill.Attack;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench.BaseMatch;
import org.imagediet.image.ContainerImage;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Once;
import org.imagediet.observation.Seen;
import org.imagediet.observation.Shared;
import org.imagediet.observation.ShellOffers;
import org.imagediet.scan.ScanResult;
import org.imagediet.scan.Scanner;
import org.imagediet.workbook.Track;

/** What is found out of an image, once, wherever and however often it is graded. */
final class Examined {

  /** What a triage may call the image; the engine's own name of it is another in each run. */
  private static final String SCANNED_NAME = "app";

  private static final Object COMPRESSING = new Object();

  private final Engine engine;
  private final String id;
  private final KeptArchive archive;
  private final KnownLayers layers;
  private final Supplier<TransferSizes> transferSizes;
  private final Once<ContainerImage> image;
  private final Once<Long> transferBytes;
  private final Once<BaseMatch> base;
  private final Once<ShellOffers> shellOffers;
  private final Once<ScanResult> scan;
  private final Seen seen = new Seen();
  private final Map<Track, Shared<Map<Attack, Observation>>> drills = new ConcurrentHashMap<>();

  /**
   * Prepares to examine an image.
   *
   * @param id the engine's
   * @param bases what it may stand on
   * @param layers those that were read before
   * @param scanner comes by a scanner when one is needed
   * @param transferSizes those that are known, read when they are needed
   */
  Examined(
      Engine engine,
      String id,
      Bases bases,
      KnownLayers layers,
      Supplier<Scanner> scanner,
      Supplier<TransferSizes> transferSizes) {
    this.engine = engine;
    this.id = id;
    this.layers = layers;
    archive = new KeptArchive(engine, id);
    this.transferSizes = transferSizes;
    image = Once.of(() -> read(ReadOptions.defaults()));
    transferBytes = Once.of(this::compress);
    base = Once.of(() -> findBase(bases));
    shellOffers = Once.of(() -> ShellOffers.make(engine, id, image.get(), base.get().layers()));
    scan = Once.of(() -> scan(scanner.get()));
  }

  /**
   * Returns what was read from its archive.
   *
   * @throws org.imagediet.archive.ArchiveException when it cannot be read
   */
  ContainerImage image() {
    return image.get();
  }

  /** Keeps its archive for somebody who reads it more than once. */
  KeptArchive.Hold holdArchive() {
    return archive.hold();
  }

  /** Returns its archive, as {@code docker save} makes it. */
  InputStream archive() throws IOException {
    return archive.open();
  }

  /**
   * Returns what a registry would send, in bytes. Few ask, and to compress it takes longer than all
   * else that is read of it.
   */
  long transferBytes() {
    return transferBytes.get();
  }

  /** Returns the base image that it stands on, by its layers. */
  BaseMatch base() {
    return base.get();
  }

  /** Returns which of its programs, offered to be a shell, was one. */
  ShellOffers shellOffers() {
    return shellOffers.get();
  }

  /** Returns what was seen of it while it ran. */
  Seen seen() {
    return seen;
  }

  /** Returns what each attack of a drill came to, once it was attacked. */
  Shared<Map<Attack, Observation>> drill(Track track) {
    return drills.computeIfAbsent(track, t -> new Shared<>());
  }

  /**
   * Returns what the scanner finds in it.
   *
   * @throws EnvironmentException when it cannot be scanned
   */
  ScanResult scan() {
    return scan.get();
  }

  private long compress() {
    // The largest layers are the same in many images, so one image waits for another's.
    synchronized (COMPRESSING) {
      OptionalLong known = transferSizes.get().of(image());
      return known.isPresent() ? known.getAsLong() : compressUnknown(transferSizes.get());
    }
  }

  private long compressUnknown(TransferSizes known) {
    ReadOptions options = ReadOptions.defaults().transferSizes(known);
    try {
      boolean large = image().sizes().unpackedBytes() > KeptArchive.MOST_BYTES;
      ContainerImage again = large ? read(options) : readSaved(options);
      return again.sizes().transferBytes().orElseThrow();
    } catch (ArchiveException e) {
      // It could be read before, so it is nobody's answer that is at fault.
      throw new EnvironmentException("An image cannot be read again: " + e.getMessage(), e);
    }
  }

  /** Looks through a file first, since a stream says too late which layers are known. */
  private ContainerImage readSaved(ReadOptions options) {
    try (KeptArchive.Hold hold = archive.hold()) {
      return ImageArchive.read(hold.file(), options);
    }
  }

  private ContainerImage read(ReadOptions options) {
    try {
      return read(options, layers);
    } catch (ChangedLayerException e) {
      return read(options, new KnownLayers());
    }
  }

  private ContainerImage read(ReadOptions options, KnownLayers known) {
    try (InputStream in = archive.open()) {
      return ImageArchive.read(in, options.expecting(engine.layers(id)), known);
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while saving an image; run again.", e);
    }
  }

  /** From a file, since a scanner is another program. */
  private ScanResult scan(Scanner scanner) {
    try (KeptArchive.Hold hold = archive.hold()) {
      // Read first, and refused if it is beyond all bounds.
      ContainerImage known = image();
      return scanner.scan(hold.file(), known, SCANNED_NAME).result();
    }
  }

  private BaseMatch findBase(Bases bases) {
    List<String> names = new ArrayList<>();
    int most = 0;
    for (Map.Entry<String, List<String>> known : bases.localLayers().entrySet()) {
      List<String> layers = known.getValue();
      if (layers.size() >= most && image().standsOn(layers)) {
        if (layers.size() > most) {
          names.clear();
          most = layers.size();
        }
        names.add(known.getKey());
      }
    }
    return new BaseMatch(List.copyOf(names), most);
  }
}
