package org.imagediet.engine;

import java.nio.file.Path;

/** Where things are kept that can be had again. */
public final class Caches {

  private Caches() {}

  /** Returns {@code $XDG_CACHE_HOME/three-image-diet}, by default below {@code ~/.cache}. */
  public static Path folder() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("three-image-diet");
  }

  /** Returns a file in it. */
  public static Path file(String name) {
    return folder().resolve(name);
  }
}
