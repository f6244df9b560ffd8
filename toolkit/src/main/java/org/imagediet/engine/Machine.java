package org.imagediet.engine;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What installing an engine needs of the machine; another one stands in for it in tests. */
interface Machine {

  /** The folder that {@code /etc}, {@code /proc}, {@code /run} and {@code /usr} are in. */
  Path root();

  /** Whether this user may do everything. */
  boolean superuser();

  /** Where logs and process ids that outlive us are kept. */
  Path stateFolder();

  /** Runs a program to its end, with English messages. */
  Command.Result run(Duration deadline, Consumer<String> line, List<String> argv);

  /**
   * Starts a program in a session of its own, so that neither our end nor the terminal's ends it.
   *
   * @param log receives its output, in place of what is there
   */
  Daemon startDetached(List<String> argv, Path log) throws IOException;

  /** Asks an address whether an engine listens there. */
  EnginePing.Answer ask(URI address);

  /** The time in nanoseconds since some moment. */
  long nanoTime();

  /** Lets time pass. */
  void pause(Duration time);

  /** A program that was started detached. */
  interface Daemon {

    long pid();

    boolean alive();

    /** Asks it to end. */
    void stop();
  }
}
