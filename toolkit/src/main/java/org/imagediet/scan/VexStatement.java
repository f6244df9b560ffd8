package org.imagediet.scan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A statement of an OpenVEX document: what a vulnerability means for some products. Texts that are
 * absent are empty; whether they may be is for {@link Triage} to say.
 *
 * @param position its place in the document, counted from 1
 * @param vulnerability the name, such as {@code CVE-2025-47907}
 * @param aliases its other names
 * @param products what it is about: package URLs and image names
 * @param status one of the four of the standard, or whatever is written there
 * @param time when it was last known to be true: its own time, else its document's
 * @param actionTime when the action was announced
 */
public record VexStatement(
    int position,
    String vulnerability,
    List<String> aliases,
    List<Product> products,
    String status,
    String justification,
    String impactStatement,
    String actionStatement,
    Optional<Instant> time,
    Optional<Instant> actionTime) {

  /**
   * A product or, inside of one, the component that has the vulnerability.
   *
   * @param names its identifier and its package URL, as far as they are given
   * @param subcomponents the names of the components in it that the statement is about
   */
  public record Product(List<String> names, List<String> subcomponents) {}

  /** Returns how a message calls it. */
  String title() {
    return vulnerability.isEmpty()
        ? "statement " + position
        : "statement " + position + " (" + vulnerability + ")";
  }
}
