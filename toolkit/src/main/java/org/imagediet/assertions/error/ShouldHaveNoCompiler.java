package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Finding;

/** Says that an image has a compiler or a build tool. */
public final class ShouldHaveNoCompiler extends ImageErrorMessage {

  private ShouldHaveNoCompiler(ContainerImage image, List<Finding> compilers) {
    super(
        image,
        Texts.visible(compilers) ? "has build tools" : "still ships build tools that it hides",
        Texts.findings(compilers),
        "no compiler and no build tool in any layer",
        "build tools belong into the build stage: at run time they are weight, and an attacker's workshop");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveNoCompiler(
      ContainerImage image, List<Finding> compilers) {
    return new ShouldHaveNoCompiler(image, compilers);
  }
}
