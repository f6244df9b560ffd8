package org.imagediet.archive;

import java.util.List;
import java.util.Optional;

/**
 * What to read of an archive.
 *
 * @param name which image, where the archive names several
 * @param platform which of an index's images, such as {@code linux/arm64}; the machine's own when
 *     empty
 * @param transferSizes whether to compute what a registry would send, which costs time
 * @param recompress whether to compute it of compressed layers too, instead of believing the
 *     archive, so that it does not depend on who compressed them
 * @param sizeCache remembers transfer sizes between runs
 * @param expectedLayers the layers' diff ids, where they are known before a stream is read; a
 *     stream shows its list of layers only at its end, too late to look into the cache
 */
public record ReadOptions(
    Optional<String> name,
    Optional<String> platform,
    boolean transferSizes,
    boolean recompress,
    TransferSizes sizeCache,
    Limits limits,
    List<String> expectedLayers) {

  /** Reads the one image, without transfer sizes. */
  public static ReadOptions defaults() {
    return new ReadOptions(
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        TransferSizes.none(),
        Limits.defaults(),
        List.of());
  }

  /** The same, for a named image. */
  public ReadOptions name(String wanted) {
    return new ReadOptions(
        Optional.of(wanted),
        platform,
        transferSizes,
        recompress,
        sizeCache,
        limits,
        expectedLayers);
  }

  /** The same, for another platform. */
  public ReadOptions platform(String wanted) {
    return new ReadOptions(
        name, Optional.of(wanted), transferSizes, recompress, sizeCache, limits, expectedLayers);
  }

  /** The same, with transfer sizes, remembered in a cache. */
  public ReadOptions transferSizes(TransferSizes cache) {
    return new ReadOptions(name, platform, true, recompress, cache, limits, expectedLayers);
  }

  /**
   * The same, with transfer sizes that are the same for every archive of an image, whether its
   * layers are plain or were compressed by somebody.
   */
  public ReadOptions comparableTransferSizes(TransferSizes cache) {
    return new ReadOptions(name, platform, true, true, cache, limits, expectedLayers);
  }

  /** The same, within other limits. */
  public ReadOptions limits(Limits other) {
    return new ReadOptions(
        name, platform, transferSizes, recompress, sizeCache, other, expectedLayers);
  }

  /** The same, for a stream whose layers are known to have these diff ids. */
  public ReadOptions expecting(List<String> diffIds) {
    return new ReadOptions(
        name, platform, transferSizes, recompress, sizeCache, limits, List.copyOf(diffIds));
  }

  boolean allKnown() {
    return !expectedLayers.isEmpty()
        && expectedLayers.stream().allMatch(id -> sizeCache.find(id).isPresent());
  }
}
