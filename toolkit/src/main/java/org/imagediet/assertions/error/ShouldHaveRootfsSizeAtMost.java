package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that the files that a container sees are too large. */
public final class ShouldHaveRootfsSizeAtMost extends ImageErrorMessage {

  private ShouldHaveRootfsSizeAtMost(ContainerImage image, long most) {
    super(
        image,
        "is too large as a container sees it",
        List.of(
            Texts.size(image.sizes().rootfsBytes()) + " in the visible files",
            Texts.largestFile(image)),
        "at most " + Texts.size(most),
        "what is not needed is still pulled, scanned and patched, and at hand for an attacker");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveRootfsSizeAtMost(ContainerImage image, long most) {
    return new ShouldHaveRootfsSizeAtMost(image, most);
  }
}
