package org.imagediet.probe;

/** The image under test did not answer; the message says what was seen instead. */
public final class NoAnswerException extends RuntimeException {

  public NoAnswerException(String message) {
    super(message);
  }
}
