package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image lacks a package. */
public final class ShouldHavePackage extends ImageErrorMessage {

  private ShouldHavePackage(ContainerImage image, String name) {
    super(
        image,
        "does not have the package " + name,
        List.of(
            image.packages().isEmpty()
                ? "no package database records any"
                : "no %s among the %d recorded".formatted(name, image.packages().size())),
        "a record of %s in a package database".formatted(name),
        "scanners and updates know software by this record only");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHavePackage(ContainerImage image, String name) {
    return new ShouldHavePackage(image, name);
  }
}
