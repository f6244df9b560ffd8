package org.imagediet.observation;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that is found out once by whoever asks first, in that one's way, and remembered for the
 * others: also that it could not be found out, so that nothing slow is tried twice.
 */
public final class Shared<T> {

  private Optional<T> value = Optional.empty();
  private Optional<RuntimeException> failure = Optional.empty();

  /** Returns it, or throws what the supplier of whoever asked first threw. */
  public synchronized T get(Supplier<? extends T> source) {
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (value.isEmpty()) {
      try {
        value = Optional.of(source.get());
      } catch (RuntimeException e) {
        failure = Optional.of(e);
        throw e;
      }
    }
    return value.get();
  }

  /** Returns it if it was found out already. */
  public synchronized Optional<T> known() {
    return value;
  }
}
