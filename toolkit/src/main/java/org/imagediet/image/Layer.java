package org.imagediet.image;

import java.util.List;
import java.util.OptionalLong;

/**
 * One layer of an image.
 *
 * @param index 0 at the bottom
 * @param diffId the digest of its uncompressed tar
 * @param mediaType what its bytes in the archive are
 * @param instruction the Dockerfile's line, as the image's history tells it; may be empty
 * @param transferBytes its compressed size; empty when not asked for
 * @param unpackedBytes the bytes of its regular files
 * @param entries what it adds, in the archive's order
 * @param whiteouts paths below it that it hides
 * @param opaque folders below it whose whole content it hides
 */
public record Layer(
    int index,
    String diffId,
    String mediaType,
    String instruction,
    OptionalLong transferBytes,
    long unpackedBytes,
    List<FileEntry> entries,
    List<String> whiteouts,
    List<String> opaque) {}
