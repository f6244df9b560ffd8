package org.imagediet.image;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration of an image that says nothing, for tests that are not about it. */
public final class PlainConfig {

  private PlainConfig() {}

  /** Returns one without an entrypoint. */
  public static ImageConfig silent() {
    return starting(List.of());
  }

  /** Returns one with an entrypoint only. */
  public static ImageConfig starting(List<String> entrypoint) {
    return new ImageConfig(
        "",
        Map.of(),
        entrypoint,
        List.of(),
        "",
        Map.of(),
        List.of(),
        Optional.empty(),
        "",
        "",
        "amd64",
        "linux",
        "");
  }
}
