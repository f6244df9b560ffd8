package org.imagediet.drill;

/** What an attacker who got into a container has to work with; each is counted. */
public enum SurfacePart {
  PACKAGES("packages", "packages"),
  EXECUTABLES("executables", "programs and scripts to start"),
  SHELLS("shells", "shells"),
  INTERPRETERS("interpreters", "other interpreters"),
  SETUID("setuid", "setuid and setgid files"),
  LIBRARIES("libraries", "shared libraries"),
  PORTS("ports", "listening TCP ports"),
  WRITABLE("writable", "files and folders it may write"),
  CAPABILITIES("capabilities", "capabilities it has"),
  BOUNDING("bounding", "capabilities left in its bounding set");

  private final String key;
  private final String title;

  SurfacePart(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** Returns the name in {@code findings.yaml}. */
  public String key() {
    return key;
  }

  /** Returns the name in a table. */
  public String title() {
    return title;
  }
}
