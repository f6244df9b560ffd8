package org.imagediet.grading;

import java.util.Optional;

/**
 * A check that was not judged, because the machine or the grader is at fault, in the words that
 * whoever started it reads.
 */
public final class NotGraded extends RuntimeException {

  NotGraded(String message, Optional<Throwable> cause) {
    super(message, cause.orElse(null));
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    // The cause has one, where it is of use.
    setStackTrace(new StackTraceElement[0]);
    return this;
  }
}
