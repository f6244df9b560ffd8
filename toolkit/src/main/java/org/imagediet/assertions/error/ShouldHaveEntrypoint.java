package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image has another entrypoint. */
public final class ShouldHaveEntrypoint extends ImageErrorMessage {

  private ShouldHaveEntrypoint(ContainerImage image, List<String> entrypoint) {
    super(
        image,
        "has another entrypoint",
        List.of(
            image.config().entrypoint().isEmpty()
                ? "no entrypoint is set"
                : Texts.argv(image.config().entrypoint())),
        Texts.argv(entrypoint),
        "the entrypoint is what every container of the image starts");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveEntrypoint(
      ContainerImage image, List<String> entrypoint) {
    return new ShouldHaveEntrypoint(image, entrypoint);
  }
}
