package org.imagediet.budget;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.image.ContainerImage;

/**
 * A base image.
 *
 * @param diffIds its layers, the lowest first; none for {@code scratch}
 */
public record Base(String name, List<String> diffIds) {

  /** Nothing at all. */
  public static final Base SCRATCH = new Base("scratch", List.of());

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}";

  /** Copies the list, and checks that the name is one of an image. */
  public Base {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException("The name of a base image is no name of an image.");
    }
    diffIds = List.copyOf(diffIds);
  }

  /** Returns images as bases, in the order of their names' map. */
  public static List<Base> of(Map<String, List<String>> diffIdsByName) {
    return diffIdsByName.entrySet().stream()
        .map(image -> new Base(image.getKey(), image.getValue()))
        .toList();
  }

  /**
   * Returns which of some images an image stands on: the one with the most layers, the first of
   * several. Its layers decide, and never what a Dockerfile or a label says.
   */
  public static Optional<Base> find(ContainerImage image, Collection<Base> known) {
    Optional<Base> best = Optional.empty();
    for (Base base : known) {
      int size = base.diffIds.size();
      if (image.standsOn(base.diffIds) && size > best.map(b -> b.diffIds.size()).orElse(-1)) {
        best = Optional.of(base);
      }
    }
    return best;
  }
}
