package org.imagediet.budget;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A file or a folder that grew.
 *
 * @param path without a slash at the end, {@code /} for the root
 * @param part whether it is a folder that has more culprits in it, which are not counted here
 * @param added whether nothing was there before
 * @param bytes by how many it grew
 * @param files how many files it has in layers that are not the baseline's
 * @param layer the index of the layer that brought most of it
 * @param instruction the line of the Dockerfile that made that layer
 * @param furtherLayers how many other layers brought some of it
 * @param hiddenBytes how many of its bytes a later layer hides, shipped all the same
 * @param hiddenBy the index of the layer that hides them, where it can be told
 * @param rewritten whether that layer writes the files again, rather than delete them
 * @param cause a guess
 * @param evidence what the guess rests on beside the path; may be empty
 */
public record Culprit(
    String path,
    boolean folder,
    boolean part,
    boolean added,
    long bytes,
    int files,
    int layer,
    String instruction,
    int furtherLayers,
    long hiddenBytes,
    OptionalInt hiddenBy,
    boolean rewritten,
    Optional<Cause> cause,
    String evidence) {}
