package org.imagediet.scan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.engine.EnvironmentException;

/** Trivy, wherever it runs: over files that we name, without the network and without settings. */
interface Trivy extends AutoCloseable {

  /** Where it finds a database below its cache folder, {@link #CACHE}. */
  String DATABASE = "cache/db/";

  String CACHE = "cache";

  /** An answer is refused when it is longer; the one about 741 MB of Debian has 0.3 MB. */
  int MOST_OUTPUT = 128 << 20;

  /** Returns which one it is and where it runs, for a person. */
  String about();

  /** Returns its version, as it tells it. */
  String version();

  /**
   * Runs it, and returns what it writes.
   *
   * @param arguments name files relative to its working folder
   * @param files what it is to find there
   * @throws EnvironmentException in one sentence, when it fails, hangs or writes without end
   */
  byte[] run(List<String> arguments, Map<String, Path> files, Duration deadline);

  /**
   * Downloads the vulnerability database from its own source.
   *
   * @param folder receives the files
   * @param repository where from, in place of its own source
   * @return nothing on success, else why not
   */
  Optional<String> fetchDatabase(Path folder, Optional<String> repository, Duration deadline);

  @Override
  void close();

  /** Returns the arguments that download a database. */
  static List<String> fetching(Optional<String> repository) {
    List<String> arguments =
        new ArrayList<>(
            List.of("image", "--download-db-only", "--no-progress", "--cache-dir", CACHE));
    repository.ifPresent(name -> arguments.addAll(List.of("--db-repository", name)));
    return arguments;
  }
}
