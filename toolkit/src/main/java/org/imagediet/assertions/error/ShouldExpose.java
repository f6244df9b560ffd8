package org.imagediet.assertions.error;

import java.util.List;
import org.imagediet.image.ContainerImage;

/** Says that an image does not expose a port. */
public final class ShouldExpose extends ImageErrorMessage {

  private ShouldExpose(ContainerImage image, int port) {
    super(
        image,
        "does not expose port " + port,
        List.of(
            image.config().exposedPorts().isEmpty()
                ? "no port"
                : String.join(", ", image.config().exposedPorts())),
        port + "/tcp",
        "EXPOSE is how people and tools learn which port to publish");
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldExpose(ContainerImage image, int port) {
    return new ShouldExpose(image, port);
  }
}
