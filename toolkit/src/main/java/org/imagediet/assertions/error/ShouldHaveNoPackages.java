package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image has packages of a distribution. */
public final class ShouldHaveNoPackages extends ImageErrorMessage {

  private ShouldHaveNoPackages(ContainerImage image, List<String> measured) {
    super(
        image,
        "has packages of a distribution",
        measured,
        "no package in any database, and no database in any layer",
        "each package is one more thing whose CVEs somebody must follow");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveNoPackages(
      ContainerImage image, List<String> measured) {
    return new ShouldHaveNoPackages(image, measured);
  }
}
