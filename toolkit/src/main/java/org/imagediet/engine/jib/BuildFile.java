package org.imagediet.engine.jib;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jib's own build file, {@code apiVersion: jib/v1alpha1}, as its command line reads it.
 *
 * @param base the base image; empty for scratch
 * @param entrypoint empty keeps the base's
 */
record BuildFile(
    String base,
    Instant creationTime,
    boolean oci,
    Map<String, String> environment,
    Map<String, String> labels,
    List<String> volumes,
    List<String> exposedPorts,
    Optional<String> user,
    Optional<String> workingDirectory,
    Optional<List<String>> entrypoint,
    Optional<List<String>> command,
    List<Layer> layers) {

  /** A layer of copied files. */
  record Layer(String name, List<Copy> copies) {}

  /**
   * Files to be copied.
   *
   * @param source a file or a folder of the build context
   * @param includes globs of paths below the source; empty takes all
   */
  record Copy(
      String source,
      String destination,
      List<String> includes,
      List<String> excludes,
      Properties properties) {}

  /** Modes, owner and time of copied files. */
  record Properties(int fileMode, int folderMode, String owner, Instant time) {}
}
