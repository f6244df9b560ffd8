package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Finding;

/** Says that an image has a shell. */
public final class ShouldHaveNoShell extends ImageErrorMessage {

  private ShouldHaveNoShell(ContainerImage image, List<Finding> shells) {
    super(
        image,
        Texts.visible(shells) ? "has a shell" : "still ships a shell that it hides",
        Texts.findings(shells),
        "no shell in any layer, under any name",
        "the first thing an attacker who can run one program runs is a shell");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveNoShell(ContainerImage image, List<Finding> shells) {
    return new ShouldHaveNoShell(image, shells);
  }
}
