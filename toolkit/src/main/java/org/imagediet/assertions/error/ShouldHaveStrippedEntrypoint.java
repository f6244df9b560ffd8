package org.imagediet.assertions.error;

import org.imagediet.image.ContainerImage;

/** Says that the program that an image starts is not stripped. */
public final class ShouldHaveStrippedEntrypoint extends ImageErrorMessage {

  private ShouldHaveStrippedEntrypoint(ContainerImage image) {
    super(
        image,
        "does not start a stripped program",
        Texts.symbols(image),
        "an ELF program without .symtab and without debug sections",
        "symbols are for debuggers: at run time they are weight, and a map for an attacker");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveStrippedEntrypoint(ContainerImage image) {
    return new ShouldHaveStrippedEntrypoint(image);
  }
}
