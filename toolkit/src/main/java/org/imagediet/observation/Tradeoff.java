package org.imagediet.observation;

/** What an operator may miss in a small image. */
public enum Tradeoff {
  SHELL("shell", "shell for an operator"),
  TLS("tls", "outbound TLS"),
  TIME_ZONES("timeZones", "time zones"),
  TEMP_FILES("tempFiles", "temporary files"),
  USER_NAMES("userNames", "user name lookup"),
  DNS("dns", "DNS"),
  GRACEFUL_STOP("gracefulStop", "graceful stop"),
  LOCKED_DOWN("lockedDown", "runs read-only, no capabilities");

  private final String key;
  private final String title;

  Tradeoff(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** Returns the name in {@code diet.json}. */
  public String key() {
    return key;
  }

  /** Returns the name in a table. */
  public String title() {
    return title;
  }
}
