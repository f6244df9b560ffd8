package org.imagediet.compose;

/** A compose file that is wrong or asks for too much; the message says so in one sentence. */
public final class ComposeException extends RuntimeException {

  private static final int MOST_SHOWN = 80;

  public ComposeException(String message) {
    super(message);
  }

  public ComposeException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns a text of the file as a message may repeat it: one short printable line. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
  }
}
