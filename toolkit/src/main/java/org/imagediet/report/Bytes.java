package org.imagediet.report;

import java.util.Locale;

/** Sizes for people; a MB is 10^6 bytes. */
public final class Bytes {

  private Bytes() {}

  /** Returns megabytes: with one digit from 10 MB on, else with two. */
  public static String megabytes(long bytes) {
    return String.format(Locale.ROOT, bytes >= 9_995_000 ? "%.1f MB" : "%.2f MB", bytes / 1e6);
  }

  /** Returns a size in the unit that suits it, down to bytes. */
  public static String readable(long bytes) {
    if (bytes < 0) {
      return "-" + readable(-bytes);
    }
    if (bytes < 1_000) {
      return bytes + " B";
    }
    return bytes < 999_950 ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3) : megabytes(bytes);
  }
}
