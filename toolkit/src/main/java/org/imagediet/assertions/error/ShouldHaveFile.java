package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that a file is missing from an image. */
public final class ShouldHaveFile extends ImageErrorMessage {

  private ShouldHaveFile(ContainerImage image, String path, String measured) {
    super(
        image,
        "has no file " + path,
        List.of(measured),
        "a regular file at " + path,
        "a program only misses a file when it opens it");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveFile(
      ContainerImage image, String path, String measured) {
    return new ShouldHaveFile(image, path, measured);
  }
}
