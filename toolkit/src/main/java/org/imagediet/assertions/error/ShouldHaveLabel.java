package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image lacks a label. */
public final class ShouldHaveLabel extends ImageErrorMessage {

  private ShouldHaveLabel(ContainerImage image, String name, String expected) {
    super(
        image,
        "does not have the label " + name,
        List.of(Texts.value("label", name, image.config().labels())),
        expected,
        "labels are how people and tools learn where an image comes from");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveLabel(
      ContainerImage image, String name, String expected) {
    return new ShouldHaveLabel(image, name, expected);
  }
}
