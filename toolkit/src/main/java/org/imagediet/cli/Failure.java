package org.imagediet.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.imagediet.archive.ArchiveException;
import org.imagediet.budget.BaselineException;
import org.imagediet.diet.DietException;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.report.Clean;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;

/**
 * How a command ended badly: the one place where exceptions become exit codes and words.
 *
 * @param lines what a person reads; the first is a sentence
 */
record Failure(int exitCode, List<String> lines, Throwable cause) {

  /** The answer, or what was asked to be judged, is wrong. */
  static final int WRONG = 1;

  /** The machine lacks something, or we ourselves are broken: nothing was judged. */
  static final int ENVIRONMENT = 3;

  /** Whether the process is ending already, as after Ctrl-C: what fails then is no news. */
  private static volatile boolean ending;

  private static final String NO_SPACE = "no space left on device";

  /** Sorts an exception. */
  static Failure of(Throwable thrown) {
    Throwable e =
        thrown instanceof ExecutionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (e instanceof EnvironmentException || e instanceof BaselineException) {
      return new Failure(ENVIRONMENT, message(e), e);
    }
    if (e instanceof ArchiveException || e instanceof DietException) {
      return new Failure(WRONG, message(e), e);
    }
    if (e instanceof IllegalArgumentException && ours(e)) {
      return new Failure(ExitCode.USAGE, message(e), e);
    }
    if (e instanceof OutOfMemoryError) {
      return environment(
          "not enough memory; give Java more of it, for example LAB_JAVA_OPTS=-Xmx2g ./lab ...", e);
    }
    if (noSpace(e)) {
      return environment("there is no space left on this machine's disk; free some, run again.", e);
    }
    return environment(
        "internal error (%s); please report it with what LAB_DEBUG=1 adds to it.".formatted(e), e);
  }

  private static Failure environment(String sentence, Throwable e) {
    return new Failure(ENVIRONMENT, List.of(sentence), e);
  }

  private static List<String> message(Throwable e) {
    List<String> lines = String.valueOf(e.getMessage()).lines().toList();
    return lines.isEmpty() ? List.of(e.getClass().getSimpleName()) : lines;
  }

  /** Whether the toolkit itself refused an argument, and not a library one of the toolkit's. */
  private static boolean ours(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith("org.imagediet.");
  }

  private static boolean noSpace(Throwable e) {
    List<Throwable> seen = new ArrayList<>();
    for (Throwable t = e; t != null && !seen.contains(t); t = t.getCause()) {
      seen.add(t);
      boolean io = t instanceof IOException || t instanceof UncheckedIOException;
      if (io && String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT).contains(NO_SPACE)) {
        return true;
      }
    }
    return false;
  }

  /** Tells a person, and returns the exit code. */
  int report(PrintWriter err) {
    if (ending) {
      return exitCode;
    }
    if (debugging()) {
      cause.printStackTrace(err);
    }
    for (int i = 0; i < lines.size(); i++) {
      // What follows the sentence, such as the end of a log, stands on its own.
      err.println((i == 0 ? "lab: " : "") + Clean.line(lines.get(i)));
    }
    err.flush();
    return exitCode;
  }

  /** Keeps what is in the background, or ends with the process, from printing. */
  static void quiet() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ending = true, "end-marker"));
    if (!debugging()) {
      Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {});
    }
  }

  private static boolean debugging() {
    String wish = System.getenv("LAB_DEBUG");
    return wish != null && !wish.isEmpty() && !wish.equals("0");
  }
}
