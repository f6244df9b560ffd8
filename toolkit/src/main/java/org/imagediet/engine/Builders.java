package org.imagediet.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What both builders do alike. */
final class Builders {

  /** Set to {@code none}, the steps of builds have no network; a naive image cannot do without. */
  static final String NETWORK_VARIABLE = "THREE_IMAGE_DIET_BUILD_NETWORK";

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

  /**
   * Tells a full disk from a mistake in the Dockerfile. Anybody can print the words, so that the
   * disk is looked at where that can be done.
   *
   * @throws EnvironmentException when a build failed for want of disk space
   */
  static void refuseFullDisk(Engine engine, List<String> lastLines) {
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
