package org.imagediet.report;

import java.util.Locale;

/** Sizes for people; a MB is 10^6 bytes. */
public final class Bytes {

  private Bytes() {}

  /** Returns megabytes: with one digit from 10 MB on, else with two. */
  public static String megabytes(long bytes) {
    return String.format(Locale.ROOT, bytes >= 9_995_000 ? "%.1f MB" : "%.2f MB", bytes / 1e6);
  }
}
