package org.imagediet.cli;

import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.Progress;

/** How commands come by an engine: they set one up, and ask first when a person is there. */
final class EngineSession {

  private EngineSession() {}

  /**
   * Opens the machine's engine, and sets one up where there is none.
   *
   * @param yes whether a person has agreed beforehand
   */
  static Engine open(Progress progress, boolean yes) {
    return Engines.ensure(progress, what -> agreed(Terminal.standard(), what, yes));
  }

  private static boolean agreed(Terminal terminal, String what, boolean yes) {
    if (yes || !terminal.reads() || !terminal.shows()) {
      System.err.println("lab: no container engine answers; about to " + what + ".");
      return true;
    }
    return terminal.agrees("lab: no container engine answers. Shall I " + what + "?", System.err);
  }
}
