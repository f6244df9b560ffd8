package org.imagediet.scan;

import java.nio.file.Path;
import org.imagediet.engine.Caches;

/**
 * Where the scanner, its databases and what was learnt of Debian are kept between runs.
 *
 * @param path below which all of it is
 */
record ScanFolder(Path path) {

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

  /** Returns the file whose age tells when the scanner's own source last did not answer. */
  Path failedFetch() {
    return path.resolve("no-answer");
  }

  /** Returns where what Debian's archive says is. */
  Path debian() {
    return path.resolve("debian");
  }
}
