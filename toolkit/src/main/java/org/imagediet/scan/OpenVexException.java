package org.imagediet.scan;

/** A file is no OpenVEX document; the message is one sentence for the person who wrote it. */
public final class OpenVexException extends RuntimeException {

  OpenVexException(String message) {
    super(message);
  }

  OpenVexException(String message, Throwable cause) {
    super(message, cause);
  }
}
