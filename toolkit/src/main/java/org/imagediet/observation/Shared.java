package org.imagediet.observation;

import java.util.Optional;
import java.util.function.Supplier;
import org.imagediet.engine.EnvironmentException;

/**
 * Something that is found out once by whoever asks first, in that one's way, and remembered for the
 * others: also that it could not be found out, unless that is the machine's fault.
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
      } catch (EnvironmentException e) {
        // The probe of whoever asks next may do better.
        throw e;
      } catch (RuntimeException e) {
        failure = Optional.of(e);
        throw e;
      }
    }
    return value.get();
  }
}
