package org.imagediet.engine;

import java.util.List;

/** What both builders do alike. */
final class Builders {

  private Builders() {}

  /**
   * Tells the machine's faults from the Dockerfile's.
   *
   * @throws EnvironmentException when the builder's last words speak of the machine
   */
  static void refuseEnvironmentFaults(List<String> lastLines) {
    for (String line : lastLines) {
      if (line.contains("no space left on device")) {
        throw new EnvironmentException(
            "The engine ran out of disk space while building; free some, for example with"
                + " `docker system prune`, and run again.");
      }
      if (line.contains("Cannot connect to the Docker daemon")) {
        throw new EnvironmentException(
            "The engine stopped answering while building; start it and run again.");
      }
    }
  }
}
