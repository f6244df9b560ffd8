package org.imagediet.image;

import java.util.OptionalLong;

/**
 * The three sizes of an image, in bytes, the same on every engine.
 *
 * @param transferBytes what a registry would send: the compressed layers; where they are plain,
 *     gzip level 6 with a zero timestamp; empty when not asked for
 * @param unpackedBytes the regular files of all layers; every threshold uses this one
 * @param rootfsBytes the regular files that remain visible
 */
public record Sizes(OptionalLong transferBytes, long unpackedBytes, long rootfsBytes) {}
