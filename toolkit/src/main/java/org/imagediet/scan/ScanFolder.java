package org.imagediet.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.imagediet.engine.Caches;

/**
 * Where the scanner, its databases and what was learnt of Debian are kept between runs.
 *
 * @param path below which all of it is
 */
record ScanFolder(Path path) {

  private static final Duration PAUSE = Duration.ofHours(1);

  /** Returns the folder of this user. */
  static ScanFolder ofThisUser() {
    return new ScanFolder(Caches.file("scan"));
  }

  /** Returns where the database from the scanner's own source is. */
  Path ownDatabase() {
    return path.resolve("db");
  }

  /** Returns where a database is that was carried here in a file. */
  Path carriedDatabase() {
    return path.resolve("carried-db");
  }

  /**
   * Returns whether a source did not answer within the last hour: it is not asked again, since that
   * may take a minute each time.
   */
  boolean failedRecently(String source, Clock clock) {
    try {
      Path file = failure(source);
      return Files.exists(file)
          && Files.getLastModifiedTime(file).toInstant().plus(PAUSE).isAfter(clock.instant());
    } catch (IOException e) {
      return false;
    }
  }

  /** Remembers that a source did not answer. */
  void noteFailure(String source) {
    try {
      Files.createDirectories(path);
      Files.write(failure(source), new byte[0]);
    } catch (IOException e) {
      // It is asked again, then.
    }
  }

  private Path failure(String source) {
    return path.resolve("no-answer-" + source);
  }

  /** Returns where what Debian's archive says is. */
  Path debian() {
    return path.resolve("debian");
  }
}
