package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image lacks an environment variable. */
public final class ShouldHaveEnvironment extends ImageErrorMessage {

  private ShouldHaveEnvironment(ContainerImage image, String name, String expected) {
    super(
        image,
        "does not set %s as expected".formatted(name),
        List.of(Texts.value("variable", name, image.config().environment())),
        expected,
        "every process of the container starts with these variables");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveEnvironment(
      ContainerImage image, String name, String expected) {
    return new ShouldHaveEnvironment(image, name, expected);
  }
}
