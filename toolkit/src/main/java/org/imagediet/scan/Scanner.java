package org.imagediet.scan;

import java.nio.file.Path;
import org.imagediet.archive.ArchiveException;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.image.ContainerImage;

/** A vulnerability scanner. */
public interface Scanner extends AutoCloseable {

  /** Returns which scanner it is and where it runs, for a person. */
  String about();

  /**
   * Scans an image.
   *
   * @param archive as {@code docker save} writes it, with one image
   * @param subject what the result calls it
   * @throws ArchiveException when there is no image in the archive that can be read
   * @throws EnvironmentException when the scanner fails, hangs or answers with nonsense
   */
  default Scan scan(Path archive, String subject) {
    return scan(archive, ImageArchive.read(archive, ReadOptions.defaults()), subject);
  }

  /**
   * Scans an image that was read already.
   *
   * @param archive as {@code docker save} writes it, with one image
   * @param image what was read from the archive
   * @param subject what the result calls it
   * @throws EnvironmentException when the scanner fails, hangs or answers with nonsense
   */
  Scan scan(Path archive, ContainerImage image, String subject);

  @Override
  void close();
}
