package org.imagediet.engine.jib;

/** A {@code jib.yaml} that is wrong; the message says where and what, in one sentence. */
public final class BuildFileException extends RuntimeException {

  private static final int MOST_SHOWN = 80;

  public BuildFileException(String message) {
    super(message);
  }

  public BuildFileException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns a text of the build file as a message may repeat it: one short printable line. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
  }
}
