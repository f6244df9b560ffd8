package org.imagediet.grading;

/** A failed check, in the words a student reads; where in our code it was found is of no use. */
public final class WrongAnswer extends AssertionError {

  public WrongAnswer(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    setStackTrace(new StackTraceElement[0]);
    return this;
  }
}
