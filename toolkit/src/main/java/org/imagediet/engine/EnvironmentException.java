package org.imagediet.engine;

/**
 * The machine is at fault, not the input: no engine, no base image, no space. Ends a command with
 * exit code 3.
 *
 * <p>The message is one sentence or two for a person: what is missing, where, and what to do.
 */
public final class EnvironmentException extends RuntimeException {

  public EnvironmentException(String message) {
    super(message);
  }

  public EnvironmentException(String message, Throwable cause) {
    super(message, cause);
  }
}
