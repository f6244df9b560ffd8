package org.imagediet.image;

import java.util.List;

/**
 * A known program in an image.
 *
 * @param aliases other paths that lead to the same file
 * @param evidence how it was recognised
 * @param layer the index of the layer that brought it
 * @param instruction the line of the Dockerfile that made that layer
 * @param visible false when a later layer hides it, so that only its bytes are shipped
 */
public record Finding(
    String path,
    KnownProgram program,
    List<String> aliases,
    String evidence,
    int layer,
    String instruction,
    boolean visible) {}
