package org.imagediet.budget;

import org.jspecify.annotations.Nullable;

/**
 * A baseline that is missing, cannot be read, was damaged or is of a newer version: nothing was
 * judged, so it ends a command with exit code 3. The message is one sentence for a person.
 */
public final class BaselineException extends RuntimeException {

  /** Says what is wrong. */
  public BaselineException(String message) {
    this(message, null);
  }

  BaselineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
