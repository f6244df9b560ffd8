package org.imagediet.bases;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A distroless image: the unpacked files of a few Debian packages, nothing configured, no shell.
 *
 * @param below the flavour whose layers come first
 * @param packages this flavour's own packages
 * @param javaTrustStore where a Java key store with the same roots goes
 */
record DistrolessRecipe(
    String flavour,
    String about,
    Optional<DistrolessRecipe> below,
    List<String> packages,
    Map<String, String> links,
    Map<String, String> environment,
    List<String> entrypoint,
    Optional<String> javaTrustStore,
    DistrolessTag tag)
    implements Recipe {

  DistrolessRecipe tagged(DistrolessTag other) {
    return new DistrolessRecipe(
        flavour, about, below, packages, links, environment, entrypoint, javaTrustStore, other);
  }

  /** Returns the flavours from the bottom layer to this one. */
  List<DistrolessRecipe> layers() {
    List<DistrolessRecipe> layers =
        new ArrayList<>(below.map(DistrolessRecipe::layers).orElse(List.of()));
    layers.add(this);
    return layers;
  }

  @Override
  public String contents() {
    return "files of Debian trixie packages as distroless "
        + flavour
        + " has them"
        + (tag.debug() ? ", and busybox" : "");
  }

  /** The flavours lie upon each other. */
  @Override
  public Object common() {
    return DistrolessRecipe.class;
  }
}
