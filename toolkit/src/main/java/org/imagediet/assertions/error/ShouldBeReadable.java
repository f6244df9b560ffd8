package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;

/** Says that some programs of an image cannot be looked into. */
public final class ShouldBeReadable extends ImageErrorMessage {

  private ShouldBeReadable(ContainerImage image, List<FileEntry> packed) {
    super(
        image,
        "has programs that cannot be looked into, so that nothing can be said of them",
        packed.stream()
            .map(
                file ->
                    "%s is packed (UPX), from %s"
                        .formatted(file.path(), Texts.layer(image, file.layer())))
            .toList(),
        "no packed program beside the entrypoint, and none under a shell's name",
        "a packed shell looks like any other packed program");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldBeReadable(ContainerImage image, List<FileEntry> packed) {
    return new ShouldBeReadable(image, packed);
  }
}
