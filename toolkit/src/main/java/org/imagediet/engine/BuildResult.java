package org.imagediet.engine;

import java.util.List;
import java.util.Optional;

/**
 * How a build ended.
 *
 * @param imageId the image's id, when there is one
 * @param stopped why it was ended before its end, as the end of a sentence
 * @param removed whether there was an image, and it was gone before anybody could use it
 * @param lastLines the end of the builder's output
 */
public record BuildResult(
    Optional<String> imageId, Optional<String> stopped, boolean removed, List<String> lastLines) {

  /** Returns whether there is an image. */
  public boolean succeeded() {
    return imageId.isPresent();
  }
}
