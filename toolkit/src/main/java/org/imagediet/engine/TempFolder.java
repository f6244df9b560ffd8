package org.imagediet.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A temporary folder that goes when closed, or when this process ends. What a killed process left
 * is removed by the next one's {@link #sweep}.
 */
public final class TempFolder implements AutoCloseable {

  private static final String PREFIX = "three-image-diet-";
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  /** How often a folder is deleted that somebody goes on writing to. */
  private static final int TRIES = 20;

  private static final int PAUSE_MILLIS = 50;

  /** Once set, no more folders are made that nobody would delete; guarded by {@link #OPEN}. */
  private static boolean ending;

  static {
    // Its own hook cannot be set up any more once ours runs.
    Command.setUp();
    Runtime.getRuntime().addShutdownHook(new Thread(TempFolder::deleteAll, "temp-cleaner"));
  }

  private final Path path;

  private TempFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes an empty folder that only this user can enter.
   *
   * @throws EnvironmentException when the temporary directory takes no more
   */
  public static TempFolder create() {
    try {
      synchronized (OPEN) {
        if (ending) {
          throw new EnvironmentException("This process is about to end.");
        }
        Path path = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
        OPEN.add(path);
        return new TempFolder(path);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "Cannot make a folder in %s: %s; free some space there or set another with"
                  .formatted(System.getProperty("java.io.tmpdir"), DockerEngine.reason(e))
              + " LAB_JAVA_OPTS=-Djava.io.tmpdir=DIR.",
          e);
    }
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  /** Removes the folders of processes that have ended. */
  public static void sweep() {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        String[] parts = folder.getFileName().toString().substring(PREFIX.length()).split("-");
        if (parts[0].matches("\\d{1,9}")
            && Files.isDirectory(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)
            && ProcessHandle.of(Long.parseLong(parts[0])).isEmpty()) {
          delete(folder);
        }
      }
    } catch (IOException e) {
      // Only tidying; the folder may be someone else's.
    }
  }

  private static void deleteAll() {
    // What still runs would go on writing, and unmounts what it has mounted there.
    synchronized (OPEN) {
      ending = true;
    }
    Command.endAll();
    List<Path> left = List.copyOf(OPEN);
    for (int i = 0; i < TRIES && !left.isEmpty(); i++) {
      left.forEach(TempFolder::delete);
      left = left.stream().filter(Files::exists).toList();
      if (!left.isEmpty()) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path folder) {
    if (!MountPoints.unmountBelow(folder)) {
      // Deleting would reach through into what belongs to the machine; the next sweep tries again.
      OPEN.remove(folder);
      return;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // The next sweep tries again.
    }
    OPEN.remove(folder);
  }

  @Override
  public void close() {
    delete(path);
  }
}
