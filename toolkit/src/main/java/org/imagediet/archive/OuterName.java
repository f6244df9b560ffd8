package org.imagediet.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Names of an archive's own entries, such as {@code blobs/sha256/…}, in one spelling. */
final class OuterName {

  private OuterName() {}

  static String of(String name) throws IOException {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : name.split("/")) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          throw new MalformedException("holds the entry '" + name + "', which leads out of it");
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** Where a symbolic link leads: older engines link a layer that an image has twice. */
  static String linked(String name, String target) throws IOException {
    int slash = name.lastIndexOf('/');
    return of((slash < 0 ? "" : name.substring(0, slash + 1)) + target);
  }
}
