package org.imagediet.compose;

/** A compose file that is wrong or asks for too much; the message says so in one sentence. */
public final class ComposeException extends RuntimeException {

  public ComposeException(String message) {
    super(message);
  }

  public ComposeException(String message, Throwable cause) {
    super(message, cause);
  }
}
