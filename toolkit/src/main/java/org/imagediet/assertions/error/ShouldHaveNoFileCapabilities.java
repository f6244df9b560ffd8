package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;

/** Says that an image has files with capabilities. */
public final class ShouldHaveNoFileCapabilities extends ImageErrorMessage {

  private ShouldHaveNoFileCapabilities(ContainerImage image, List<FileEntry> files) {
    super(
        image,
        "has files with capabilities",
        Texts.paths(image, files),
        "no file with security.capability",
        "who starts such a file gets some of root's rights, whoever they are");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveNoFileCapabilities(
      ContainerImage image, List<FileEntry> files) {
    return new ShouldHaveNoFileCapabilities(image, files);
  }
}
