package org.imagediet.diet;

/** An image is wrong: it does not build, or does not answer. Ends with exit code 1. */
public final class DietException extends RuntimeException {

  public DietException(String message) {
    super(message);
  }
}
