package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that a file is in an image. */
public final class ShouldNotHaveFile extends ImageErrorMessage {

  private ShouldNotHaveFile(ContainerImage image, String path, List<String> measured) {
    super(
        image,
        "has " + path,
        measured,
        "nothing at %s in any layer".formatted(path),
        "whoever can pull the image can read every layer of it, also what a later one deletes");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldNotHaveFile(
      ContainerImage image, String path, List<String> measured) {
    return new ShouldNotHaveFile(image, path, measured);
  }
}
