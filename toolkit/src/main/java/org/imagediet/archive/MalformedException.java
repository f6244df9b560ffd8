package org.imagediet.archive;

import java.io.IOException;

/**
 * Something in an archive that cannot be what it says, or is too much of it. The message goes on
 * after the name of the archive or of the layer: "holds a damaged header".
 */
final class MalformedException extends IOException {

  private static final long serialVersionUID = 1L;

  MalformedException(String message) {
    super(message);
  }
}
