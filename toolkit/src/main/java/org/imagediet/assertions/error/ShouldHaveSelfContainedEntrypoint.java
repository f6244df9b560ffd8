package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that the program that an image starts misses something. */
public final class ShouldHaveSelfContainedEntrypoint extends ImageErrorMessage {

  private ShouldHaveSelfContainedEntrypoint(ContainerImage image, List<String> missing) {
    super(
        image,
        "does not have all that its program asks for",
        missing.isEmpty() ? List.of(Texts.entrypoint(image)) : missing,
        "a program whose loader and libraries are in the image",
        "a loader or library that is missing is only missed when the container starts");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveSelfContainedEntrypoint(
      ContainerImage image, List<String> missing) {
    return new ShouldHaveSelfContainedEntrypoint(image, missing);
  }
}
