package org.imagediet.drill;

import java.util.List;

/**
 * The drill build of the service, vulnerable by design, ready to be put beside an image's own
 * files.
 *
 * @param argv what starts it there
 * @param files a tar archive of it, to be unpacked at the root
 */
public record DrillProgram(List<String> argv, byte[] files) {

  /** Where it lies in a container. */
  static final String FOLDER = "/three-image-diet-drill";
}
