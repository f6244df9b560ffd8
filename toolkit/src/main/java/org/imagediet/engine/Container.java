package org.imagediet.engine;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A container of ours: created, perhaps running, gone when closed. One that fills the disk is
 * killed.
 */
public interface Container extends AutoCloseable {

  /** Returns the engine's id of the container. */
  String id();

  /** Unpacks a tar stream below a directory of the container, which need not be running. */
  void copyIn(String directory, InputStream tar);

  /**
   * Streams a file or a folder of the container, which need not be running, as a tar archive.
   *
   * @throws EnvironmentException also when its name is not UTF-8, which an engine cannot be told
   */
  InputStream copyOut(String path);

  /** Makes an image of its files as they are now; it need not be running. */
  void commit(String name);

  /**
   * Starts it.
   *
   * @return nothing on success, else the engine's reason in one line, such as an absent user or
   *     program
   */
  Optional<String> start();

  /**
   * Connects to standard input and output; call before {@code start}.
   *
   * @param line receives each line of standard output, cut at 1 MiB
   */
  Conversation converse(Consumer<String> line);

  /** Waits for its end: the exit code, or nothing when the deadline passes first. */
  OptionalInt await(Duration deadline);

  /** Sends the image's stop signal, and after the grace period (whole seconds) kills it. */
  Stopped stop(Duration grace);

  /** Runs a program inside, bounded in time; output is cut at 64 KiB. */
  Executed execute(List<String> argv, Duration deadline);

  /**
   * Starts it and listens for a text on standard output and standard error.
   *
   * @return whether it wrote that, wherever in its output, before it ended and within the deadline
   */
  boolean startAndSays(String text, Duration deadline);

  /** Returns whether it runs now. */
  boolean running();

  /** Returns why it does not run any more, as a sentence without a full stop. */
  Optional<String> ended();

  /** Returns what the engine's own looks say; empty when it looks after nothing here. */
  Optional<Health> health();

  /** Returns the limits that the engine says it has set. */
  ResourceLimits limits();

  /** Returns the last 16 KiB, at most, of what it wrote to standard output and standard error. */
  String log();

  /** Kills and removes it. Never throws: what cannot be removed now is swept by a later run. */
  @Override
  void close();

  /** How a stop went: the exit code, and the time from the signal to the end. */
  record Stopped(int exitCode, Duration took) {}

  /**
   * What the engine's looks have come to.
   *
   * @param status {@code starting}, {@code healthy} or {@code unhealthy}
   * @param looks those that ended, the last few, the oldest first
   */
  record Health(String status, List<Look> looks) {}

  /** How one of the engine's looks ended: 0 is well, and a negative code is that of no program. */
  record Look(int exitCode, String output) {}

  /**
   * What a program did.
   *
   * @param exitCode empty when it did not start or did not end in time
   */
  record Executed(OptionalInt exitCode, String output) {}

  /** Standard input of a running container. */
  interface Conversation extends AutoCloseable {
    /** Sends one line. */
    void send(String line);

    @Override
    void close();
  }
}
