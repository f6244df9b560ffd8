package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image does not run as the expected user. */
public final class ShouldRunAs extends ImageErrorMessage {

  private ShouldRunAs(ContainerImage image, long uid) {
    super(
        image,
        "does not run as uid " + uid,
        List.of(Texts.user(image)),
        "a USER that means uid %d".formatted(uid),
        "whoever takes over the process may do all that this user may, and uid 0 may do nearly everything");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldRunAs(ContainerImage image, long uid) {
    return new ShouldRunAs(image, uid);
  }
}
