package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image has no files, so that nothing can be said of them. */
public final class ShouldHaveFiles extends ImageErrorMessage {

  private ShouldHaveFiles(ContainerImage image) {
    super(
        image,
        "has no files",
        List.of("%d layers, none of which leaves a file".formatted(image.layers().size())),
        "an image with something in it to judge",
        "of nothing, everything that forbids something is true");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveFiles(ContainerImage image) {
    return new ShouldHaveFiles(image);
  }
}
