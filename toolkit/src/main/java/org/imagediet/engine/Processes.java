package org.imagediet.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The processes of a machine, by the names of their programs.
 *
 * @param proc where the kernel shows them, {@code /proc}
 */
record Processes(Path proc) {

  /** Returns the id of a living process with this name. */
  Optional<String> named(String name) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path folder : folders) {
        String id = folder.getFileName().toString();
        if (living(id, name)) {
          return Optional.of(id);
        }
      }
    } catch (IOException e) {
      // No /proc: then this is no Linux, and nothing is started here anyway.
    }
    return Optional.empty();
  }

  /**
   * Removes a file with a process id, unless it is that of a living process with this name.
   *
   * @throws IOException when it cannot be read or removed
   */
  void removeStale(Path pidFile, String name) throws IOException {
    if (Files.isRegularFile(pidFile) && !living(Files.readString(pidFile).strip(), name)) {
      Files.delete(pidFile);
    }
  }

  private boolean living(String id, String name) {
    try {
      Path folder = proc.resolve(id);
      return Files.readString(folder.resolve("comm")).strip().equals(name)
          // A zombie that nobody has collected yet.
          && !Files.readString(folder.resolve("stat")).contains("(" + name + ") Z");
    } catch (IOException e) {
      return false;
    }
  }
}
