package org.imagediet.report;

/**
 * Makes text of unknown origin fit to print: no terminal control sequences, no line breaks, no
 * characters that reorder a line.
 */
public final class Clean {

  private static final int MOST_CHARACTERS = 2000;

  private Clean() {}

  /** Returns one printable line, cut at 2000 characters. */
  public static String line(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(MOST_CHARACTERS + 1L)
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
    return clean.length() > MOST_CHARACTERS
        ? clean.substring(0, MOST_CHARACTERS) + "..."
        : clean.toString();
  }
}
