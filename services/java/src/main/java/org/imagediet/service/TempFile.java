package org.imagediet.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a temporary file, reads it back and deletes it. */
final class TempFile {

  private TempFile() {}

  static Service.Answer writeAndDelete() {
    try {
      Path file = Files.createTempFile("diet-", ".tmp");
      try {
        Files.writeString(file, "diet");
        if (!Files.readString(file).equals("diet")) {
          return Service.Answer.error(500, "read something else than was written");
        }
      } finally {
        Files.delete(file);
      }
      return Service.Answer.json(200, new Json().put("path", file));
    } catch (IOException e) {
      return Service.Answer.error(500, e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
