package org.imagediet.grading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file of JSON that anybody may have changed or broken since we wrote it. */
final class JsonFile {

  /** What we write is far smaller. */
  private static final int MOST_BYTES = 4 << 20;

  private JsonFile() {}

  /** Reads a file; a damaged, overlong or special one is as good as none, a missing node. */
  static JsonNode read(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return MissingNode.getInstance();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      return bytes.length > MOST_BYTES
          ? MissingNode.getInstance()
          : new ObjectMapper().readTree(bytes);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** Writes a file, whole or not at all. */
  static void write(JsonNode json, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(
        part, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
