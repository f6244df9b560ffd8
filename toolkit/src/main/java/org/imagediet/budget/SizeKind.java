package org.imagediet.budget;

import java.util.Locale;

/** A size that can have a budget. */
public enum SizeKind {
  /** The regular files of all layers. */
  UNPACKED,
  /** What a registry would send. */
  TRANSFER;

  /** Returns how it is written in files and options. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
