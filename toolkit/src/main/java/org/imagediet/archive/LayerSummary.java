package org.imagediet.archive;

import java.util.List;
import java.util.OptionalLong;
import org.imagediet.image.FileEntry;

/**
 * What one pass over a layer found.
 *
 * @param digest of the bytes as they are in the archive
 * @param diffId of the uncompressed tar
 * @param mediaType how it is compressed in the archive
 * @param transferBytes empty when not known
 * @param weight what it took of the limits for an image
 */
record LayerSummary(
    String digest,
    String diffId,
    String mediaType,
    OptionalLong transferBytes,
    long unpackedBytes,
    List<FileEntry> entries,
    List<String> whiteouts,
    List<String> opaque,
    Weight weight) {

  /**
   * What a layer takes of the limits for an image.
   *
   * @param entries as {@link Limits} counts them
   * @param keptBytes of files that are kept whole
   * @param whole whether all files were kept that would be kept of this layer alone
   */
  record Weight(long entries, long keptBytes, boolean whole) {}

  /** Whether the archive holds it compressed. */
  boolean packed() {
    return !digest.equals(diffId);
  }
}
