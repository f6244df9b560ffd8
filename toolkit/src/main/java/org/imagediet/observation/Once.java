package org.imagediet.observation;

import java.util.Optional;
import java.util.function.Supplier;

/** Something that is found out once, when it is first asked for, and remembered. */
public final class Once<T> {

  private final Supplier<T> source;
  private final Shared<T> found = new Shared<>();

  private Once(Supplier<T> source) {
    this.source = source;
  }

  /** Finds it out with a supplier, at the first {@link #get}. */
  public static <T> Once<T> of(Supplier<T> source) {
    return new Once<>(source);
  }

  /** Returns it, or throws what the supplier threw at the first time. */
  public T get() {
    return found.get(source);
  }

  /** Returns it if it was found out already. */
  public Optional<T> known() {
    return found.known();
  }
}
