package org.imagediet.engine;

/** Asks whether the machine may be changed. */
@FunctionalInterface
public interface Consent {

  /**
   * Returns whether something may be done.
   *
   * @param what such as {@code install the package docker.io and start it}
   */
  boolean to(String what);
}
