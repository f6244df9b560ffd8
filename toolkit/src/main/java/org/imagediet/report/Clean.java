package org.imagediet.report;

import java.util.regex.Pattern;

/**
 * Makes text of unknown origin fit to print: no terminal control sequences, no line breaks, no
 * characters that reorder a line or that XML does not have, and nothing that a CI service takes for
 * a command in its log.
 */
public final class Clean {

  private static final int MOST_CHARACTERS = 2000;

  /** {@code ::error::} at a line's beginning, {@code ##[error]} or {@code ##vso[} anywhere. */
  private static final Pattern COMMAND = Pattern.compile("^ *:(?=:)|#(?=#)");

  private static final int QUOTED_CHARACTERS = 80;

  private Clean() {}

  /** Returns one printable line, cut at 2000 characters. */
  public static String line(String text) {
    return line(text, MOST_CHARACTERS);
  }

  /** Returns a word or a phrase of somebody's file as a message quotes it: cut at 80 characters. */
  public static String quoted(String text) {
    return line(text.strip(), QUOTED_CHARACTERS);
  }

  /** Returns one printable line, cut at a number of characters. */
  public static String line(String text, int most) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(most + 1L)
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean space = Character.isWhitespace(c);
              boolean printable =
                  type != Character.CONTROL
                      && type != Character.FORMAT
                      && type != Character.SURROGATE
                      && type != Character.PRIVATE_USE
                      && type != Character.UNASSIGNED
                      && type != Character.LINE_SEPARATOR
                      && type != Character.PARAGRAPH_SEPARATOR;
              clean.appendCodePoint(space ? ' ' : printable ? c : '?');
            });
    if (clean.length() > most) {
      // Half of a character that takes two is none.
      clean.setLength(Character.isHighSurrogate(clean.charAt(most - 1)) ? most - 1 : most);
      clean.append("...");
    }
    return COMMAND.matcher(clean).replaceAll("$0 ");
  }
}
