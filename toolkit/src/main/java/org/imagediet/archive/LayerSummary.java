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
 */
record LayerSummary(
    String digest,
    String diffId,
    String mediaType,
    OptionalLong transferBytes,
    long unpackedBytes,
    List<FileEntry> entries,
    List<String> whiteouts,
    List<String> opaque) {

  /** Whether the archive holds it compressed. */
  boolean packed() {
    return !digest.equals(diffId);
  }
}
