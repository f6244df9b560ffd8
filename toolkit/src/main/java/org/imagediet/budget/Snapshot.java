package org.imagediet.budget;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.InstalledPackage;
import org.imagediet.image.Layer;
import org.imagediet.report.Clean;

/**
 * What a baseline keeps of an image: enough to say later what grew, without the image.
 *
 * <p>The parts of {@code files} and {@code baseFiles} together divide the image: a path is in the
 * part with the longest matching name. A folder's ends with a slash.
 *
 * @param platform such as {@code linux/amd64}
 * @param base what it stands on, where that is known
 * @param files bytes of the layers above the base, by part
 * @param baseFiles bytes of the base's layers, by part
 * @param packages versions by name; empty when there are too many to keep
 * @param accepted the growth that was accepted on purpose, the oldest first
 */
public record Snapshot(
    String platform,
    long unpackedBytes,
    OptionalLong transferBytes,
    long rootfsBytes,
    List<SnapshotLayer> layers,
    Optional<Base> base,
    SortedMap<String, Long> files,
    SortedMap<String, Long> baseFiles,
    Optional<SortedMap<String, String>> packages,
    List<Accepted> accepted) {

  /** More than any image has. */
  static final long MOST_BYTES = 1_000_000_000_000_000L;

  private static final int MOST_INSTRUCTION = 200;
  private static final int MOST_PACKAGE_CHARACTERS = 40_000;
  private static final int MOST_ACCEPTED = 50;

  /**
   * A layer.
   *
   * @param instruction the Dockerfile's line, shortened
   */
  public record SnapshotLayer(
      String diffId, String instruction, long unpackedBytes, OptionalLong transferBytes) {}

  /**
   * Growth that somebody accepted.
   *
   * @param from bytes that were replaced
   */
  public record Accepted(SizeKind size, long from, long to, String reason) {}

  /**
   * Takes down an image.
   *
   * @param base what it stands on, where that is known
   */
  public static Snapshot of(ContainerImage image, Optional<Base> base) {
    int baseLayers = base.map(known -> known.diffIds().size()).orElse(0);
    Parts parts = Parts.of(image.layers());
    SortedMap<String, Long> files = new TreeMap<>();
    SortedMap<String, Long> baseFiles = new TreeMap<>();
    List<SnapshotLayer> layers = new ArrayList<>();
    for (Layer layer : image.layers()) {
      layers.add(
          new SnapshotLayer(
              layer.diffId(),
              shortened(layer.instruction()),
              layer.unpackedBytes(),
              layer.transferBytes()));
      SortedMap<String, Long> sums = layer.index() < baseLayers ? baseFiles : files;
      for (FileEntry entry : layer.entries()) {
        if (Parts.shipped(entry)) {
          sums.merge(parts.of(entry.path()), entry.size(), Long::sum);
        }
      }
    }
    Snapshot snapshot =
        new Snapshot(
            image.platform(),
            image.sizes().unpackedBytes(),
            image.sizes().transferBytes(),
            image.sizes().rootfsBytes(),
            List.copyOf(layers),
            base,
            files,
            baseFiles,
            Optional.of(packages(image)).filter(Snapshot::few),
            List.of());
    // That of some layers only would be of no use.
    return snapshot.transferBytes().isPresent() ? snapshot : snapshot.withoutTransfer();
  }

  /** Returns one line that a review can show. */
  static String shortened(String instruction) {
    return Clean.line(instruction.strip(), MOST_INSTRUCTION);
  }

  /** Returns the versions of an image's packages; several of one name are told together. */
  static SortedMap<String, String> packages(ContainerImage image) {
    SortedMap<String, String> packages = new TreeMap<>();
    for (InstalledPackage installed : image.packages()) {
      packages.merge(
          shortened(installed.name()),
          shortened(installed.version()),
          (one, other) ->
              one.equals(other) || one.length() > MOST_INSTRUCTION ? one : one + ", " + other);
    }
    return packages;
  }

  private static boolean few(SortedMap<String, String> packages) {
    return packages.entrySet().stream()
            .mapToInt(one -> Parts.written(one.getKey()) + Parts.written(one.getValue()))
            .sum()
        <= MOST_PACKAGE_CHARACTERS;
  }

  /** Returns one of its sizes, empty when it was not measured. */
  public OptionalLong size(SizeKind kind) {
    return kind == SizeKind.TRANSFER ? transferBytes : OptionalLong.of(unpackedBytes);
  }

  /**
   * Returns a size of an image.
   *
   * @throws IllegalArgumentException when the image was read without it
   */
  static long size(ContainerImage image, SizeKind kind) {
    if (kind == SizeKind.UNPACKED) {
      return image.sizes().unpackedBytes();
    }
    return image
        .sizes()
        .transferBytes()
        .orElseThrow(
            () -> new IllegalArgumentException("The image was read without its transfer size."));
  }

  /** Returns the transfer sizes of its layers by diff id, so that they need not be computed. */
  public Map<String, Long> transferSizes() {
    Map<String, Long> sizes = new HashMap<>();
    for (SnapshotLayer layer : layers) {
      layer.transferBytes().ifPresent(bytes -> sizes.put(layer.diffId(), bytes));
    }
    return sizes;
  }

  /** The same, without transfer sizes. */
  Snapshot withoutTransfer() {
    return new Snapshot(
        platform,
        unpackedBytes,
        OptionalLong.empty(),
        rootfsBytes,
        layers.stream()
            .map(
                layer ->
                    new SnapshotLayer(
                        layer.diffId(),
                        layer.instruction(),
                        layer.unpackedBytes(),
                        OptionalLong.empty()))
            .toList(),
        base,
        files,
        baseFiles,
        packages,
        accepted);
  }

  /** The same, with what was accepted so far; only the newest 50 are kept. */
  Snapshot accepted(List<Accepted> all) {
    return new Snapshot(
        platform,
        unpackedBytes,
        transferBytes,
        rootfsBytes,
        layers,
        base,
        files,
        baseFiles,
        packages,
        List.copyOf(all.subList(Math.max(0, all.size() - MOST_ACCEPTED), all.size())));
  }
}
