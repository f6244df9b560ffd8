package org.imagediet.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Proves that temporary files work where the system keeps them. */
final class TempFile {

  private static final String CONTENT = "three images, one service\n";

  private TempFile() {}

  static Answer tryOne() {
    return tryOneIn(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Writes a file, reads it back and deletes it. */
  static Answer tryOneIn(Path directory) {
    try {
      Path file = Files.createTempFile(directory, "diet-", ".tmp");
      try {
        Files.writeString(file, CONTENT);
        if (!Files.readString(file).equals(CONTENT)) {
          throw new IOException(file + " reads back differently");
        }
      } finally {
        Files.delete(file);
      }
      return Answer.json(200, Json.object("path", file));
    } catch (IOException e) {
      return Answer.error(500, e.toString());
    }
  }
}
