package org.imagediet.scan;

/**
 * What is wrong with a triage, or worth knowing.
 *
 * @param note whether it is only worth knowing
 * @param measured what is there
 * @param expected what should be
 * @param why the reason that it matters
 * @param next where to look; never the answer
 */
public record Problem(
    Kind kind, boolean note, String measured, String expected, String why, String next) {

  /** What a problem is about. */
  public enum Kind {
    /** The document lacks what the standard asks for. */
    DOCUMENT,
    /** A statement names no single vulnerability. */
    VULNERABILITY,
    /** A statement names no single component, or none that the finding is in. */
    PRODUCT,
    /** A status that the standard does not have. */
    STATUS,
    /** "Not affected", without one of the reasons of the standard. */
    JUSTIFICATION,
    /** "Affected", without what is to be done. */
    ACTION,
    /** A statement older than judgements keep, or from the future. */
    EXPIRED,
    /** A finding that no statement answers. */
    UNANSWERED,
    /** A finding that more than one statement answers. */
    ANSWERED_TWICE,
    /** A statement that the scan disproves. */
    CONTRADICTED,
    /** A statement about something that the scan does not find. */
    NOT_FOUND
  }
}
