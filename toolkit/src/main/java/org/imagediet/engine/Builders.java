package org.imagediet.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What both builders do alike. */
final class Builders {

  /** Set to {@code none}, the steps of builds have no network; a naive image cannot do without. */
  static final String NETWORK_VARIABLE = "THREE_IMAGE_DIET_BUILD_NETWORK";

  /** How a builder says, as its last word, that an image went while it was given its name. */
  private static final Pattern REMOVED =
      Pattern.compile(
          "(?:ERROR: )?(?:failed to [a-z ]+: )*failed to get digest sha256:[0-9a-f]{64}: .*no such"
              + " file or directory");

  private static final long ROOM_BYTES = 1_000_000_000;

  private Builders() {}

  /** Returns the network that a build's steps are to have instead of the engine's own. */
  static Optional<String> network() {
    return Optional.ofNullable(System.getenv(NETWORK_VARIABLE)).filter("none"::equals);
  }

  /** Returns why a build was ended before its end, if it was. */
  static Optional<String> stopped(boolean timedOut, Duration deadline, MachineWatch watch) {
    return watch
        .exceeded()
        .map(gone -> "while it ran " + gone)
        .or(
            () ->
                timedOut
                    ? Optional.of("it did not end within " + deadline.toSeconds() + " s")
                    : Optional.empty());
  }

  /** Returns the result of a build that has ended, however it did. */
  static BuildResult ended(
      Engine engine,
      BuildRequest request,
      boolean built,
      Optional<String> stopped,
      List<String> lastLines) {
    // Also asked after a failure, for then it may be the engine that has gone.
    Optional<String> id = engine.imageId(request.tag()).filter(any -> built);
    if (!built) {
      refuseFullDisk(engine, lastLines);
    }
    boolean removed =
        built
            ? id.isEmpty()
            // Of a build that we ended, the last word may be a step's.
            : stopped.isEmpty()
                && !lastLines.isEmpty()
                && REMOVED.matcher(lastLines.get(lastLines.size() - 1)).matches();
    return new BuildResult(id, stopped, removed, lastLines);
  }

  /**
   * Tells a full disk from a mistake in the Dockerfile. Anybody can print the words, so that the
   * disk is looked at where that can be done.
   *
   * @throws EnvironmentException when a build failed for want of disk space
   */
  private static void refuseFullDisk(Engine engine, List<String> lastLines) {
    if (lastLines.stream().noneMatch(line -> line.contains("no space left on device"))) {
      return;
    }
    boolean room =
        engine
            .localStorage()
            .filter(folder -> folder.toFile().getUsableSpace() > ROOM_BYTES)
            .isPresent();
    if (!room) {
      throw new EnvironmentException(
          "The engine ran out of disk space while building; free some, for example with"
              + " `docker system prune`, and run again.");
    }
  }
}
