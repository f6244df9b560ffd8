package org.imagediet.bases;

/**
 * A base image that is now local.
 *
 * @param id the engine's id of it
 * @param standIn whether it only stands in for the published image
 */
public record ResolvedBase(String name, String id, Source source, boolean standIn) {

  /** How it came to be local in this run. */
  public enum Source {
    LOCAL,
    PULLED,
    MADE
  }
}
