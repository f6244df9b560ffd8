package org.imagediet.budget;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A package that was added, or replaced by another version.
 *
 * @param before the version of the baseline; empty when it was not there
 * @param installedBytes what it unpacks to, as the package database says
 * @param layer the index of the layer that records it first
 */
public record PackageChange(
    String name,
    Optional<String> before,
    String after,
    OptionalLong installedBytes,
    int layer,
    String instruction) {}
