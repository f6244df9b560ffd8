package org.imagediet.observation;

/**
 * What a health check is worth.
 *
 * @param evidence one line; what comes from the image is still to be cleaned for printing
 */
public record Health(Result result, String evidence) {

  /** How it did. */
  public enum Result {
    /** There is none, or it is switched off. */
    ABSENT,
    /** It looks so seldom that nobody would learn in time. */
    SELDOM,
    /** The running service never counts as healthy. */
    FAILS,
    /** It says the same with no service there. */
    BLIND,
    /** Healthy with the service, and not without. */
    WORKS
  }
}
