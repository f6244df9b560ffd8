package org.imagediet.scan;

import java.util.Comparator;

/**
 * A vulnerability that a scanner finds in a component of an image.
 *
 * @param id such as {@code CVE-2025-47907}
 * @param packageName the component
 * @param version the component's version
 * @param fixedVersion the versions that it is fixed in; empty when there is none yet
 * @param target where the component is: a file of the image, or its distribution
 * @param purl the component's package URL; empty when the scanner gives none
 * @param title what it is about; empty when the database does not say
 */
public record Finding(
    String id,
    String packageName,
    String version,
    String fixedVersion,
    Severity severity,
    String target,
    String purl,
    String title) {

  /** The worst first, then by component and id. */
  static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::severity)
          .reversed()
          .thenComparing(Finding::packageName)
          .thenComparing(Finding::id)
          .thenComparing(Finding::target);
}
