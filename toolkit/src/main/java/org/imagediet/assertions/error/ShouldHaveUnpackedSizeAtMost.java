package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image is too large, all layers together. */
public final class ShouldHaveUnpackedSizeAtMost extends ImageErrorMessage {

  private ShouldHaveUnpackedSizeAtMost(ContainerImage image, long most) {
    super(
        image,
        "is too large unpacked",
        List.of(
            Texts.size(image.sizes().unpackedBytes()) + " in the files of all layers",
            Texts.largestLayer(image)),
        "at most " + Texts.size(most),
        "what is not needed is still pulled, scanned and patched, and at hand for an attacker");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveUnpackedSizeAtMost(ContainerImage image, long most) {
    return new ShouldHaveUnpackedSizeAtMost(image, most);
  }
}
