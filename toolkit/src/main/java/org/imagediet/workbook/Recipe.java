package org.imagediet.workbook;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.imagediet.engine.jib.JibBuild;

/**
 * How an image is to be built: a Dockerfile or a {@code jib.yaml}.
 *
 * @param file where it is
 * @param text what it says
 */
public record Recipe(Path file, String text) {

  /** Jib's build file, where there is no Dockerfile to write. */
  public static final String JIB = "jib.yaml";

  private static final int MOST_BYTES = 64 << 10;

  /**
   * Reads a recipe, which may be a stranger's: a regular file of at most 64 KiB of UTF-8, no link.
   *
   * @param name what messages call it, without the folders of this machine
   * @throws IOException in one sentence, when it is absent or something else
   */
  public static Recipe read(Path file, String name) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("There is no file " + name + ".");
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(name + " is a link or a folder, and must be a plain file.");
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("The file " + name + " is larger than 64 KiB.");
    }
    try {
      // Strict, since a builder reads other bytes in its own way.
      return new Recipe(file, Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new IOException("The file " + name + " is not a text in UTF-8.", e);
    } catch (IOException e) {
      throw new IOException("The file " + name + " cannot be read.", e);
    }
  }

  /**
   * Returns which file of a lab's answer says how its image is built: {@code jib.yaml} where there
   * is one, else the Dockerfile.
   */
  public static Path fileIn(Path folder) {
    Path jib = folder.resolve(JIB);
    return Files.exists(jib, LinkOption.NOFOLLOW_LINKS) ? jib : folder.resolve("Dockerfile");
  }

  /** Returns whether Jib builds it. */
  public boolean jib() {
    return file.getFileName().toString().equals(JIB);
  }

  /**
   * Returns the base images that it names.
   *
   * @throws DockerfileException when it is a Dockerfile that no builder could read
   * @throws org.imagediet.engine.jib.BuildFileException when it is a wrong {@code jib.yaml}
   */
  public List<String> images() {
    return jib() ? JibBuild.bases(text) : Dockerfile.parse(text).images();
  }
}
