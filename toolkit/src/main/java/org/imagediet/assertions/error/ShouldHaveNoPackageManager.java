package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Finding;

/** Says that an image has a package manager. */
public final class ShouldHaveNoPackageManager extends ImageErrorMessage {

  private ShouldHaveNoPackageManager(ContainerImage image, List<Finding> managers) {
    super(
        image,
        Texts.visible(managers)
            ? "has a package manager"
            : "still ships a package manager that it hides",
        Texts.findings(managers),
        "no package manager in any layer",
        "a package manager brings back at run time what was left out of the image");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveNoPackageManager(
      ContainerImage image, List<Finding> managers) {
    return new ShouldHaveNoPackageManager(image, managers);
  }
}
