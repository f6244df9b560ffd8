package org.imagediet.observation;

import java.util.Optional;
import java.util.function.Supplier;
import org.imagediet.engine.EnvironmentException;

/**
 * Something that is found out once by whoever asks first, in that one's way, and remembered for the
 * others: also that it could not be found out, unless that is the machine's fault.
 */
public final class Shared<T> {

  private Optional<Once<T>> found = Optional.empty();

  /** Returns it, or throws what the supplier of whoever asked first threw. */
  public synchronized T get(Supplier<T> source) {
    Once<T> once = found.orElseGet(() -> Once.of(source));
    found = Optional.of(once);
    try {
      return once.get();
    } catch (EnvironmentException e) {
      // The probe of whoever asks next may do better.
      found = Optional.empty();
      throw e;
    }
  }
}
