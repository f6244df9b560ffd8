package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image is not built on a base. */
public final class ShouldHaveLayersOf extends ImageErrorMessage {

  private ShouldHaveLayersOf(ContainerImage image, List<String> base, String baseName) {
    super(
        image,
        "is not based on " + baseName,
        Texts.commonLayers(image, base),
        "the %d layers of %s below all others".formatted(base.size(), baseName),
        "only the base's own layers, unchanged, share its space and follow its updates");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveLayersOf(
      ContainerImage image, List<String> base, String baseName) {
    return new ShouldHaveLayersOf(image, base, baseName);
  }
}
