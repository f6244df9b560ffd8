package org.imagediet.engine;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.imagediet.archive.ArchiveException;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.image.ContainerImage;

/** Comes by an image, from an engine or from a file. Reads all of it, so keep what you get. */
public final class Images {

  private Images() {}

  /**
   * Reads an image from the engine of this machine.
   *
   * @param reference a local image's name, such as {@code my/app:1.2}, or its id
   * @throws ArchiveException when there is no such image; it is not pulled
   * @throws EnvironmentException when no engine answers
   */
  public static ContainerImage of(String reference) {
    try (Engine engine = Engines.connect()) {
      return of(engine, reference, ReadOptions.defaults());
    }
  }

  /**
   * Reads an image from an engine.
   *
   * @throws ArchiveException when there is no such image
   * @throws EnvironmentException when the engine breaks off
   */
  public static ContainerImage of(Engine engine, String reference, ReadOptions options) {
    String id =
        engine
            .imageId(reference)
            .orElseThrow(
                () ->
                    new ArchiveException(
                        "There is no local image %s; build or pull it first."
                            .formatted(reference)));
    // By its name, since not every engine saves by id; but an id may be all there is.
    boolean nameless = id.startsWith(reference) || id.startsWith("sha256:" + reference);
    try (InputStream archive = new BufferedInputStream(engine.save(nameless ? id : reference))) {
      return ImageArchive.read(archive, options.expecting(engine.layers(reference)));
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while saving the image; run again.", e);
    }
  }

  /**
   * Reads an image from an archive, as {@code docker save}, Jib's {@code buildTar} and BuildKit's
   * OCI exporter write it. Needs no engine.
   *
   * @throws ArchiveException when there is none in it that can be read
   */
  public static ContainerImage ofArchive(Path file) {
    return ImageArchive.read(file, ReadOptions.defaults());
  }
}
