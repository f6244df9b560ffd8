package org.imagediet.engine.jib;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jib's own build file, {@code apiVersion: jib/v1alpha1}, as its command line reads it.
 *
 * @param base the base image; {@code scratch} for none
 * @param platforms such as {@code linux/amd64}; empty takes the engine's own
 * @param entrypoint empty keeps the base's
 * @param command empty keeps the base's
 */
record BuildFile(
    String base,
    List<String> platforms,
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
   * @param path where the build file says so, for messages
   * @param source a file or a folder of the build context
   * @param includes globs of source paths; empty takes all
   */
  record Copy(
      String path,
      String source,
      String destination,
      List<String> includes,
      List<String> excludes,
      Properties properties) {}

  /**
   * Modes, owner and time of copied files.
   *
   * @param user a name or a number; empty is 0
   * @param group a name or a number; empty is 0
   */
  record Properties(int fileMode, int folderMode, String user, String group, Instant time) {

    /** Returns the owner as Jib spells it. */
    String owner() {
      return group.isEmpty() ? user : user + ":" + group;
    }
  }
}
