package org.imagediet.engine;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A program of the host's, run with a deadline and no standard input. Its last lines are kept, each
 * cut at 2000 characters, for a message; it ends with this process, unless that is killed.
 */
public final class Command {

  private static final int LAST_LINES = 60;
  private static final int LINE_CHARACTERS = 2000;

  /** How long a program that is to end has for putting things in order. */
  private static final Duration TIDY = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(200);

  /**
   * Becomes a program and leaves a child behind that ends it when standard input ends: a pipe,
   * whose other end goes with us, however we die. When the program ends first, its number is free
   * and not yet anybody else's, since numbers are given out in turn.
   */
  private static final String LIFELINE =
      "exec 3<&0 </dev/null; { read -r end <&3; kill $$; } >/dev/null 2>&1 & exec 3<&- \"$@\"";

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Command::endAll, "command-killer"));
  }

  private final List<String> argv;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Optional<Path> directory = Optional.empty();
  private Consumer<String> line = text -> {};
  private BooleanSupplier condition = () -> true;
  private boolean lifeline;

  private Command(List<String> argv) {
    this.argv = List.copyOf(argv);
  }

  /** Names a program and its arguments; no shell is involved. */
  public static Command of(String... argv) {
    return new Command(List.of(argv));
  }

  /** Names a program and its arguments; no shell is involved. */
  public static Command of(List<String> argv) {
    return new Command(argv);
  }

  /** Sets one environment variable beside the inherited ones. */
  public Command environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Runs in a directory. */
  public Command directory(Path path) {
    directory = Optional.of(path);
    return this;
  }

  /** Hands on each line of output, standard error included, as it comes. */
  public Command onLine(Consumer<String> consumer) {
    line = consumer;
    return this;
  }

  /** Ends it early once a condition is false, which is looked at a few times a second. */
  public Command whileTrue(BooleanSupplier holds) {
    condition = holds;
    return this;
  }

  /** Ends it also when this process is killed and can do nothing more. */
  public Command lifeline() {
    lifeline = true;
    return this;
  }

  /**
   * Runs it to its end, or to the deadline, and then ends it with its children.
   *
   * @throws EnvironmentException when it cannot be started at all
   */
  public Result run(Duration deadline) {
    Process process = start(true);
    Deque<String> last = new ArrayDeque<>();
    Thread reader = reader(() -> read(process.getInputStream(), last));
    return await(process, deadline, List.of(reader), last);
  }

  /**
   * Runs it as {@link #run} does, and keeps what it writes to standard output; the last lines are
   * those of standard error.
   *
   * @param mostBytes how much it may write; more of it ends the program
   * @throws EnvironmentException when it cannot be started at all
   */
  public Captured capture(Duration deadline, int mostBytes) {
    Process process = start(false);
    Deque<String> last = new ArrayDeque<>();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    AtomicBoolean tooMuch = new AtomicBoolean();
    Thread errors = reader(() -> read(process.getErrorStream(), last));
    Thread reader =
        reader(
            () -> {
              if (!copy(process.getInputStream(), output, mostBytes)) {
                tooMuch.set(true);
                kill(process);
              }
            });
    Result result = await(process, deadline, List.of(reader, errors), last);
    synchronized (output) {
      return new Captured(result, output.toByteArray(), tooMuch.get());
    }
  }

  private Process start(boolean together) {
    List<String> words =
        new ArrayList<>(lifeline ? List.of("/bin/sh", "-c", LIFELINE, "sh") : List.of());
    words.addAll(argv);
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(together);
    if (!lifeline) {
      builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    }
    builder.environment().putAll(environment);
    directory.ifPresent(path -> builder.directory(path.toFile()));
    try {
      Process process = builder.start();
      RUNNING.add(process);
      return process;
    } catch (IOException e) {
      throw new EnvironmentException(
          "Cannot run %s: %s.".formatted(argv.get(0), DockerEngine.reason(e)), e);
    }
  }

  private Thread reader(Runnable task) {
    Thread reader = new Thread(task, "output of " + argv.get(0));
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  private Result await(
      Process process, Duration deadline, List<Thread> readers, Deque<String> last) {
    try {
      long end = System.nanoTime() + deadline.toNanos();
      boolean ended = ends(process, end);
      boolean timedOut = !ended && System.nanoTime() >= end;
      if (!ended) {
        kill(process);
        process.waitFor(5, TimeUnit.SECONDS);
      }
      // A grandchild may keep the pipe open after its parent has ended.
      for (Thread reader : readers) {
        reader.join(2000);
      }
      synchronized (last) {
        return new Result(ended ? process.exitValue() : -1, timedOut, new ArrayList<>(last));
      }
    } catch (InterruptedException e) {
      // Not interrupted any more until it has had its time to tidy up.
      kill(process);
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while running " + argv.get(0) + ".", e);
    } finally {
      RUNNING.remove(process);
    }
  }

  /** Returns whether all of it was copied, rather than cut at a number of bytes. */
  private static boolean copy(InputStream in, ByteArrayOutputStream to, int mostBytes) {
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (to) {
          if (n > mostBytes - to.size()) {
            return false;
          }
          to.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // The process was killed; what came before stands.
    }
    return true;
  }

  private boolean ends(Process process, long end) throws InterruptedException {
    while (System.nanoTime() < end && condition.getAsBoolean()) {
      long left = Math.min(LOOK.toNanos(), end - System.nanoTime());
      if (process.waitFor(left, TimeUnit.NANOSECONDS)) {
        return true;
      }
    }
    return !process.isAlive();
  }

  private void read(InputStream output, Deque<String> last) {
    try (var reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      StringBuilder text = new StringBuilder();
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        // Not at a carriage return: what a build prints must not look like a line of the builder's.
        if (c == '\n') {
          keep(text.toString().stripTrailing(), last);
          text.setLength(0);
        } else if (text.length() < LINE_CHARACTERS) {
          text.append((char) c);
        }
      }
      keep(text.toString(), last);
    } catch (IOException e) {
      // The process was killed; what came before stands.
    }
  }

  private void keep(String text, Deque<String> last) {
    if (text.isBlank()) {
      return;
    }
    synchronized (last) {
      last.addLast(text);
      if (last.size() > LAST_LINES) {
        last.removeFirst();
      }
    }
    line.accept(text);
  }

  /** Sees to it that programs end with this process, as does whoever starts the first one. */
  static void setUp() {
    // Done where this class begins.
  }

  /** Ends every program that runs, and returns when they have ended. */
  static void endAll() {
    List.copyOf(RUNNING).parallelStream().forEach(Command::kill);
  }

  /** Asks first: a program such as mmdebstrap has file systems to unmount. */
  private static void kill(Process process) {
    // Itself first: it is to learn of the end before its children are gone.
    List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
    process.descendants().forEach(all::add);
    all.forEach(ProcessHandle::destroy);
    try {
      process.waitFor(TIDY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(all::add);
    all.forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * How it ended.
   *
   * @param exitCode -1 when it was ended before it ended by itself
   * @param lastLines the end of its output
   */
  public record Result(int exitCode, boolean timedOut, List<String> lastLines) {

    /** Returns whether it ended by itself with exit code 0. */
    public boolean succeeded() {
      return exitCode == 0;
    }

    /** Returns the last line of output, or an empty string. */
    public String lastLine() {
      return lastLines.isEmpty() ? "" : lastLines.get(lastLines.size() - 1);
    }
  }

  /**
   * How it ended, and what it wrote to standard output.
   *
   * @param tooMuch whether it was ended since it wrote more than was allowed
   */
  public record Captured(Result result, byte[] output, boolean tooMuch) {}
}
