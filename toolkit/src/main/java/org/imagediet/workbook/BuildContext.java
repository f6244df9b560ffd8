package org.imagediet.workbook;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;

/**
 * What a builder gets to see: a bounded copy of a pristine service and, over it, one Dockerfile
 * with its ignore file. Links and special files are left out, so nothing outside is reached.
 */
public final class BuildContext implements AutoCloseable {

  private static final int MOST_FILES = 2000;
  private static final long MOST_BYTES = 50L << 20;
  private static final long MOST_FILE_BYTES = 64 << 10;

  /** What a build on the host leaves in a service's folder, and no builder should see. */
  private static final Set<String> LEFT_OUT =
      Set.of("target", "__pycache__", ".git", ".idea", ".vscode");

  private final TempFolder folder;

  private BuildContext(TempFolder folder) {
    this.folder = folder;
  }

  /**
   * Copies a service and lays a Dockerfile over it.
   *
   * @param dockerfile becomes the context's {@code Dockerfile}; an ignore file named after it comes
   *     along
   * @throws IllegalArgumentException in one sentence, when the Dockerfile or its ignore file is a
   *     link or too large, or the service is too large
   */
  public static BuildContext of(Path service, Path dockerfile) {
    TempFolder folder = TempFolder.create();
    try {
      copyTree(service, folder.path());
      copyFile(dockerfile, folder.path().resolve("Dockerfile"));
      Path ignore = ignoreFile(dockerfile);
      if (Files.exists(ignore, LinkOption.NOFOLLOW_LINKS)) {
        // The classic builder knows only the second name.
        copyFile(ignore, folder.path().resolve("Dockerfile.dockerignore"));
        copyFile(ignore, folder.path().resolve(".dockerignore"));
      }
      return new BuildContext(folder);
    } catch (IOException e) {
      folder.close();
      throw new EnvironmentException("Cannot copy the build context: " + e.getMessage() + ".", e);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Returns where the ignore file of a Dockerfile is, if there is one. */
  public static Path ignoreFile(Path dockerfile) {
    return dockerfile.resolveSibling(dockerfile.getFileName() + ".dockerignore");
  }

  /** Returns the folder to build. */
  public Path path() {
    return folder.path();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    int[] files = {0};
    long[] bytes = {0};
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (!directory.equals(from) && LEFT_OUT.contains(directory.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(directory).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              bytes[0] += attributes.size();
              if (++files[0] > MOST_FILES || bytes[0] > MOST_BYTES) {
                throw new IllegalArgumentException(
                    "The service %s has more than %d files or %d MB; a service is smaller."
                        .formatted(from.getFileName(), MOST_FILES, MOST_BYTES >> 20));
              }
              Files.copy(
                  file,
                  to.resolve(from.relativize(file).toString()),
                  StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void copyFile(Path from, Path to) throws IOException {
    if (!Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException(from.getFileName() + " is not there as a plain file.");
    }
    if (Files.size(from) > MOST_FILE_BYTES) {
      throw new IllegalArgumentException(from.getFileName() + " is larger than 64 KiB.");
    }
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    folder.close();
  }
}
