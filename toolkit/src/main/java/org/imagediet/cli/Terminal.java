package org.imagediet.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;

/**
 * What is a person and what is a pipe. Java cannot tell for each stream, so the launcher says it in
 * {@code lab.terminal} ({@code in} and {@code err}) and {@code lab.columns}.
 *
 * @param reads whether a person can answer on standard input
 * @param shows whether a person sees standard error as it comes
 * @param columns the terminal's width
 */
record Terminal(boolean reads, boolean shows, int columns) {

  private static final int USUAL_COLUMNS = 80;
  private static final int LEAST_COLUMNS = 20;

  static Terminal standard() {
    List<String> streams = List.of(System.getProperty("lab.terminal", "").split(","));
    int columns = Integer.getInteger("lab.columns", USUAL_COLUMNS);
    return new Terminal(
        streams.contains("in"),
        streams.contains("err") && !"dumb".equals(System.getenv("TERM")),
        columns < LEAST_COLUMNS ? USUAL_COLUMNS : columns);
  }

  /** Asks a person; no answer at all means no. */
  boolean agrees(String question, PrintStream out) {
    out.print(question + " [Y/n] ");
    out.flush();
    try {
      // Not closed: standard input is not ours.
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
      String answer = in.readLine();
      if (answer == null) {
        out.println();
        return false;
      }
      return List.of("", "y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      return false;
    }
  }
}
