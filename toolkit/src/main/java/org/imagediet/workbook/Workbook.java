package org.imagediet.workbook;

import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.engine.EnvironmentException;

/**
 * The workbook's folder and its well-known places.
 *
 * @param root the folder with {@code lab} in it
 */
public record Workbook(Path root) {

  /**
   * Finds the workbook: named by the launcher, else around the working directory.
   *
   * @throws EnvironmentException when this is not inside one
   */
  public static Workbook find() {
    String given = System.getProperty("lab.root");
    Path start = Path.of(given == null ? "" : given).toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("lab"))
          && Files.isDirectory(folder.resolve("toolkit"))) {
        return new Workbook(folder);
      }
    }
    throw new EnvironmentException(
        "There is no workbook around " + start + "; run this inside its folder.");
  }

  /** Returns the source of a track's service. */
  public Path service(Track track) {
    return root.resolve("services").resolve(track.id());
  }

  /** Returns the folder for what a command writes, such as {@code target/diet}. */
  public Path output(String command) {
    return root.resolve("target").resolve(command);
  }
}
