package org.imagediet.workbook;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The language of the containerised service. */
public enum Track {
  GO,
  JAVA,
  PYTHON,
  RUST;

  /** Returns the folder and option name, such as {@code go}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns whether it has an image on scratch. An interpreter and what it loads are most of a
   * system, so that Python has none.
   */
  public boolean onScratch() {
    return this != PYTHON;
  }

  /** Returns whether the service speaks TLS, for which Rust has nothing in its standard library. */
  public boolean speaksTls() {
    return this != RUST;
  }

  /** Returns the track of a folder or option name. */
  public static Optional<Track> parse(String id) {
    return Arrays.stream(values()).filter(track -> track.id().equals(id)).findFirst();
  }
}
