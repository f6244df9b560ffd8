package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that the program that an image starts is not static. */
public final class ShouldHaveStaticEntrypoint extends ImageErrorMessage {

  private ShouldHaveStaticEntrypoint(ContainerImage image) {
    super(
        image,
        "does not start a static program",
        List.of(Texts.entrypoint(image)),
        "an ELF program that asks for no loader and no libraries",
        "what asks for a loader that is not there ends with `no such file or directory`");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveStaticEntrypoint(ContainerImage image) {
    return new ShouldHaveStaticEntrypoint(image);
  }
}
