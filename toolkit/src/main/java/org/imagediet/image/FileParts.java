package org.imagediet.image;

import java.util.ArrayList;
import java.util.List;

/** What is kept of a file that is too long to be held whole: parts of it, and where they lie. */
public final class FileParts {

  private record Part(long offset, byte[] bytes, int length) {}

  private final List<Part> parts = new ArrayList<>();

  /** Adds a part, which is not copied. */
  public void add(long offset, byte[] bytes, int length) {
    parts.add(new Part(offset, bytes, length));
  }

  /**
   * Returns a byte.
   *
   * @throws IndexOutOfBoundsException when it was not kept, or does not exist
   */
  int at(long offset) {
    for (Part part : parts) {
      long index = offset - part.offset();
      if (index >= 0 && index < part.length()) {
        return part.bytes()[(int) index] & 0xff;
      }
    }
    throw new IndexOutOfBoundsException();
  }
}
