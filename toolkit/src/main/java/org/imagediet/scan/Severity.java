package org.imagediet.scan;

import java.util.Locale;

/** How bad a vulnerability is, as its database says; the worst last. */
public enum Severity {
  UNKNOWN,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  /** Reads a scanner's word for it; one that is not ours is {@link #UNKNOWN}. */
  static Severity of(String word) {
    for (Severity severity : values()) {
      if (severity.name().equalsIgnoreCase(word)) {
        return severity;
      }
    }
    return UNKNOWN;
  }

  /** Returns the word for a person. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
