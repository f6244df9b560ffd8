package org.imagediet.assertions.error;

import org.imagediet.image.ContainerImage;

/** Says that an image ships bytes that nobody sees. */
public final class ShouldWasteAtMost extends ImageErrorMessage {

  private ShouldWasteAtMost(ContainerImage image, long most) {
    super(
        image,
        "ships too much in vain",
        Texts.waste(image),
        "at most %s hidden by later layers".formatted(Texts.size(most)),
        "a later layer hides a file, but everybody still pulls it");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldWasteAtMost(ContainerImage image, long most) {
    return new ShouldWasteAtMost(image, most);
  }
}
