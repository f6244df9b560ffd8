package org.imagediet.workflow;

/** A workflow whose gate cannot be run; the message says why in one sentence. */
public final class WorkflowException extends RuntimeException {

  public WorkflowException(String message) {
    super(message);
  }

  public WorkflowException(String message, Throwable cause) {
    super(message, cause);
  }
}
