package org.imagediet.bases;

import java.nio.file.Path;

/** Where things are kept that can be had again. */
final class Caches {

  private Caches() {}

  /** Returns {@code $XDG_CACHE_HOME/three-image-diet}, by default below {@code ~/.cache}. */
  static Path folder() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("three-image-diet");
  }
}
