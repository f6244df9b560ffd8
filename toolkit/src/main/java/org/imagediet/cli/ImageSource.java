package org.imagediet.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import org.imagediet.archive.ArchiveException;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.image.ContainerImage;

/**
 * What an argument {@code IMAGE|FILE.tar} means.
 *
 * @param subject an image's name or an archive
 */
record ImageSource(String subject) {

  /** Returns whether it is an archive, which needs no engine. */
  boolean archive() {
    return Files.exists(Path.of(subject))
        || subject.endsWith(".tar")
        || subject.endsWith(".tar.gz");
  }

  /**
   * Reads the image.
   *
   * @param name which image, of an archive with several
   * @throws ArchiveException when it is not there, or cannot be read
   */
  ContainerImage read(Optional<String> name, ReadOptions options) {
    if (archive()) {
      return ImageArchive.read(
          Path.of(subject), name.isPresent() ? options.name(name.get()) : options);
    }
    return read(options, (engine, image) -> image);
  }

  /** Reads an image of the engine, and asks the engine something more. */
  <T> T read(ReadOptions options, BiFunction<Engine, ContainerImage, T> more) {
    try (Engine engine = EngineSession.open(ConsoleProgress.standard(), false)) {
      requireThere(engine);
      try (InputStream archive = new BufferedInputStream(engine.save(subject))) {
        return more.apply(
            engine, ImageArchive.read(archive, options.expecting(engine.layers(subject))));
      }
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while saving the image; run again.", e);
    }
  }

  private void requireThere(Engine engine) {
    if (engine.imageId(subject).isEmpty()) {
      throw new ArchiveException(
          "There is neither a file nor a local image %s; build or pull it first."
              .formatted(subject));
    }
  }
}
