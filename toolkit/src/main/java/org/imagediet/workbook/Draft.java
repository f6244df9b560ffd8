package org.imagediet.workbook;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder in the making, hidden beside its place until it is whole. Closed before that, or when
 * this process ends, it leaves nothing behind.
 */
final class Draft implements AutoCloseable {

  private final Path place;
  private final Path hidden;
  private boolean closed;

  private Draft(Path place, Path hidden) {
    this.place = place;
    this.hidden = hidden;
  }

  /**
   * Begins a folder.
   *
   * @param place where it is to be; nothing is there, or an empty folder
   */
  static Draft of(Path place) throws IOException {
    Draft draft =
        new Draft(place, Files.createTempDirectory(place.getParent(), ".three-image-diet-"));
    Runtime.getRuntime().addShutdownHook(new Thread(draft::close, "draft-remover"));
    // A folder in it, since a temporary one is closed to everybody else, and would stay so.
    Files.createDirectory(draft.tree());
    return draft;
  }

  private Path tree() {
    return hidden.resolve("tree");
  }

  /**
   * Copies a file into it, whether it may be executed included.
   *
   * @param name where to, relative
   */
  synchronized void copy(Path file, String name) throws IOException {
    requireOpen();
    Path copy = tree().resolve(name);
    Files.createDirectories(copy.getParent());
    Files.copy(file, copy);
  }

  /** Puts it in its place. */
  synchronized void publish() throws IOException {
    requireOpen();
    Files.move(tree(), place, StandardCopyOption.ATOMIC_MOVE);
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("interrupted");
    }
  }

  /**
   * Removes what has not been put in its place; no copy goes on meanwhile, and none comes after.
   */
  @Override
  public synchronized void close() {
    closed = true;
    try (Stream<Path> paths = Files.walk(hidden)) {
      paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      // Gone already.
    }
  }
}
