package org.imagediet.cli;

import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.Progress;

/** How commands come by an engine: they set one up, and ask first when a person is there. */
final class EngineSession {

  private EngineSession() {}

  static Engine open(Progress progress, boolean yes) {
    return Engines.ensure(progress, () -> yes || agreed());
  }

  private static boolean agreed() {
    if (System.console() == null) {
      System.err.println("No container engine here: installing the package docker.io.");
      return true;
    }
    String answer =
        System.console()
            .readLine("No container engine here. Install the package docker.io? [Y/n] ");
    return answer != null && !answer.strip().toLowerCase().startsWith("n");
  }
}
