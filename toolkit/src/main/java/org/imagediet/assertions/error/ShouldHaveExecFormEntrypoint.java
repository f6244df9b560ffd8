package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image starts its program through a shell. */
public final class ShouldHaveExecFormEntrypoint extends ImageErrorMessage {

  private ShouldHaveExecFormEntrypoint(ContainerImage image) {
    super(
        image,
        "does not start its program itself",
        List.of(
            image.config().argv().isEmpty()
                ? "neither an entrypoint nor a command is set"
                : Texts.argv(image.config().argv()) + " starts a shell, which starts the rest"),
        "the program and its arguments, without a shell in between",
        "such a shell must be in the image, and SIGTERM may end at it, so that the service is killed after the grace period");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveExecFormEntrypoint(ContainerImage image) {
    return new ShouldHaveExecFormEntrypoint(image);
  }
}
