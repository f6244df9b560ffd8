package org.imagediet.engine.jib;

/** A {@code jib.yaml} that is wrong; the message says where and what, in one sentence. */
public final class BuildFileException extends RuntimeException {

  public BuildFileException(String message) {
    super(message);
  }

  public BuildFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
