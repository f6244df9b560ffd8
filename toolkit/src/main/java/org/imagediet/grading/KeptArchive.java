package org.imagediet.grading;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
  private final long most;
  private int holders;
  private boolean unfit;
  private Optional<TempFolder> folder = Optional.empty();

  KeptArchive(Engine engine, String id) {
    this(engine, id, MOST_BYTES);
  }

  KeptArchive(Engine engine, String id, long most) {
    this.engine = engine;
    this.id = id;
    this.most = most;
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
          folder = save(Long.MAX_VALUE);
        }
        return inside(folder.orElseThrow());
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
   * Returns its bytes: of the file while somebody holds it, where there is room for one.
   *
   * @throws EnvironmentException when it cannot be saved
   */
  InputStream open() throws IOException {
    Optional<InputStream> file = openFile();
    return file.isPresent() ? file.get() : engine.save(id);
  }

  /** A file that was opened can be read to its end, also when its name is gone. */
  private synchronized Optional<InputStream> openFile() throws IOException {
    if (folder.isEmpty() && holders > 0 && !unfit) {
      try {
        folder = save(most);
      } catch (EnvironmentException e) {
        // Whoever needs no file is not to fail for want of room for one.
        folder = Optional.empty();
      }
      unfit = folder.isEmpty();
    }
    return folder.isPresent()
        ? Optional.of(new BufferedInputStream(Files.newInputStream(inside(folder.get())), BUFFER))
        : Optional.empty();
  }

  /** Empty when it is too large. */
  private Optional<TempFolder> save(long bytes) {
    TempFolder made = TempFolder.create();
    boolean kept = false;
    try (InputStream in = engine.save(id);
        OutputStream out = Files.newOutputStream(inside(made))) {
      kept = copy(in, out, bytes);
      return kept ? Optional.of(made) : Optional.empty();
    } catch (IOException e) {
      throw new EnvironmentException(
          "An image cannot be saved to a file in %s: %s; is there room left?"
              .formatted(made.path().getParent(), e.getMessage()),
          e);
    } finally {
      if (!kept) {
        made.close();
      }
    }
  }

  private static boolean copy(InputStream in, OutputStream out, long most) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long copied = 0;
    for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
      copied += got;
      if (copied > most) {
        return false;
      }
      out.write(buffer, 0, got);
    }
    return true;
  }

  private static Path inside(TempFolder folder) {
    return folder.path().resolve("image.tar");
  }
}
