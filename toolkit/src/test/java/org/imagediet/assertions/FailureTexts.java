package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The texts of failed assertions, for comparison. */
final class FailureTexts {

  private FailureTexts() {}

  /** Returns the text of the failure, which must be one, with the headline in the first line. */
  static String of(ThrowingCallable assertion) {
    AssertionError error = catchThrowableOfType(AssertionError.class, assertion);
    if (error == null) {
      throw new AssertionError("the assertion passes");
    }
    return String.valueOf(error.getMessage()).replace("\r\n", "\n").stripLeading();
  }
}
