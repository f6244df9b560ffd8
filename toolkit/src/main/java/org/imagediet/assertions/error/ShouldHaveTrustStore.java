package org.imagediet.assertions.error;

import org.imagediet.image.ContainerImage;

/** Says that an image has no store with enough roots. */
public final class ShouldHaveTrustStore extends ImageErrorMessage {

  private ShouldHaveTrustStore(ContainerImage image, int minimumRoots) {
    super(
        image,
        "has no trust store with %d valid roots".formatted(minimumRoots),
        Texts.trustStores(image),
        "a store with at least %d different roots that are valid now".formatted(minimumRoots),
        "without roots, outbound TLS can verify nobody: `certificate signed by unknown authority`");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveTrustStore(ContainerImage image, int minimumRoots) {
    return new ShouldHaveTrustStore(image, minimumRoots);
  }
}
