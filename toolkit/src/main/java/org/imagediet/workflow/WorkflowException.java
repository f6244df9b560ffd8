package org.imagediet.workflow;

import org.imagediet.report.Clean;

/** A workflow whose gate cannot be run; the message says why in one sentence. */
public final class WorkflowException extends RuntimeException {

  private static final int MOST_SHOWN = 80;

  public WorkflowException(String message) {
    super(message);
  }

  public WorkflowException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns a text of the file as a message may repeat it: one short printable line. */
  static String shown(String text) {
    return Clean.line(text.strip(), MOST_SHOWN);
  }
}
