package org.imagediet.grading;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;

/**
 * The archive of an image, which is dear to come by: an engine puts all layers together anew each
 * time. Where it is read more than once it is kept in a file for so long, and saved once.
 */
final class KeptArchive {

  /** What a folder for temporary files may hold of one image; a larger one is read as a stream. */
  static final long MOST_BYTES = 2_000_000_000;

  private static final int BUFFER = 1 << 16;

  private final Engine engine;
  private final String id;
  private int holders;
  private Optional<TempFolder> folder = Optional.empty();

  KeptArchive(Engine engine, String id) {
    this.engine = engine;
    this.id = id;
  }

  /** Somebody will read it more than once, until the hold is closed. */
  synchronized Hold hold() {
    holders++;
    return new Hold();
  }

  /** Keeps the file. */
  final class Hold implements AutoCloseable {
    private boolean open = true;

    private Hold() {}

    /**
     * Returns the archive in a file, however large.
     *
     * @throws EnvironmentException when it cannot be saved
     */
    Path file() {
      synchronized (KeptArchive.this) {
        if (folder.isEmpty()) {
          folder = Optional.of(save());
        }
        return inside(folder.get());
      }
    }

    @Override
    public void close() {
      synchronized (KeptArchive.this) {
        if (open && --holders == 0) {
          folder.ifPresent(TempFolder::close);
          folder = Optional.empty();
        }
        open = false;
      }
    }
  }

  /**
   * Returns its bytes, of the file while somebody holds it.
   *
   * @throws EnvironmentException when it cannot be saved
   */
  InputStream open() throws IOException {
    try (Hold hold = hold()) {
      // A file that was opened can be read to its end, also when its name is gone.
      return shared()
          ? new BufferedInputStream(Files.newInputStream(hold.file()), BUFFER)
          : engine.save(id);
    }
  }

  private synchronized boolean shared() {
    return folder.isPresent() || holders > 1 && engine.size(id) <= MOST_BYTES;
  }

  private TempFolder save() {
    TempFolder made = TempFolder.create();
    try (InputStream in = engine.save(id)) {
      Files.copy(in, inside(made));
      return made;
    } catch (IOException e) {
      made.close();
      throw new EnvironmentException(
          "The engine broke off while saving an image to a file; run again.", e);
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static Path inside(TempFolder folder) {
    return folder.path().resolve("image.tar");
  }
}
