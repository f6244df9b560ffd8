package org.imagediet.assertions.error;

import org.imagediet.image.ContainerImage;

/** Says that an image runs with the group root. */
public final class ShouldHaveNonRootGroup extends ImageErrorMessage {

  private ShouldHaveNonRootGroup(ContainerImage image) {
    super(
        image,
        "runs with the group root, or with an unknown one",
        Texts.groups(image),
        "a USER with a group other than 0, such as USER 65532:65532",
        "files that the group root may read or write are open to the process, whatever its uid");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveNonRootGroup(ContainerImage image) {
    return new ShouldHaveNonRootGroup(image);
  }
}
