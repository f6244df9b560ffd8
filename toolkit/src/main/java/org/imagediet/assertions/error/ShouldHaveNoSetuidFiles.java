package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;

/** Says that an image has setuid or setgid files. */
public final class ShouldHaveNoSetuidFiles extends ImageErrorMessage {

  private ShouldHaveNoSetuidFiles(ContainerImage image, List<FileEntry> files) {
    super(
        image,
        "has files that run with their owner's rights",
        Texts.modes(image, files),
        "no setuid and no setgid file",
        "who starts such a file gets its owner's rights, so that a plain user need not stay one");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldHaveNoSetuidFiles(
      ContainerImage image, List<FileEntry> files) {
    return new ShouldHaveNoSetuidFiles(image, files);
  }
}
