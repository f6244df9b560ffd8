package org.imagediet.engine;

/**
 * A repository and a tag, such as {@code gcr.io/distroless/static-debian13} and {@code nonroot}.
 */
public record ImageName(String repository, String tag) {

  /** Splits a reference; a missing tag is {@code latest}, and a registry's port is not a tag. */
  public static ImageName parse(String reference) {
    int colon = reference.lastIndexOf(':');
    if (colon <= reference.lastIndexOf('/')) {
      return new ImageName(reference, "latest");
    }
    return new ImageName(reference.substring(0, colon), reference.substring(colon + 1));
  }

  @Override
  public String toString() {
    return repository + ":" + tag;
  }
}
