package org.imagediet.observation;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that is found out once, when it is first asked for, and remembered: also that it could
 * not be found out, so that nothing slow is tried twice.
 */
public final class Once<T> {

  private final Supplier<T> source;
  private Optional<T> value = Optional.empty();
  private Optional<RuntimeException> failure = Optional.empty();

  private Once(Supplier<T> source) {
    this.source = source;
  }

  /** Finds it out with a supplier, at the first {@link #get}. */
  public static <T> Once<T> of(Supplier<T> source) {
    return new Once<>(source);
  }

  /** Returns it, or throws what the supplier threw. */
  public synchronized T get() {
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
