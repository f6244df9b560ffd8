package org.imagediet.workbook;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code $name}, {@code ${name}}, {@code ${name:-default}} and {@code ${name:+other}}. */
final class ArgumentText {

  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(?:([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)(?::([-+])([^${}]*))?\\})");

  private static final int MOST_ROUNDS = 10;
  private static final int MOST_CHARACTERS = 1000;

  private ArgumentText() {}

  /**
   * Returns a text with its variables replaced; nothing when it names one without a known value, or
   * uses more of the shell's language than a name needs.
   */
  static Optional<String> expand(String written, Map<String, String> values) {
    String text = written;
    // Rounds, so that a default may itself hold a variable.
    for (int round = 0; round < MOST_ROUNDS && text.contains("$"); round++) {
      StringBuilder expanded = new StringBuilder();
      Matcher variable = VARIABLE.matcher(text);
      while (variable.find()) {
        Optional<String> value = value(variable, values);
        if (value.isEmpty() || expanded.length() > MOST_CHARACTERS) {
          return Optional.empty();
        }
        variable.appendReplacement(expanded, Matcher.quoteReplacement(value.get()));
      }
      variable.appendTail(expanded);
      text = expanded.toString();
    }
    return text.length() > MOST_CHARACTERS || text.matches("(?s).*[${}\\\\`\"'].*")
        ? Optional.empty()
        : Optional.of(text);
  }

  private static Optional<String> value(Matcher variable, Map<String, String> values) {
    String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
    return Optional.ofNullable(values.get(name))
        .map(
            value ->
                switch (variable.group(3) == null ? "" : variable.group(3)) {
                  case "-" -> value.isEmpty() ? variable.group(4) : value;
                  case "+" -> value.isEmpty() ? "" : variable.group(4);
                  default -> value;
                });
  }

  /** Returns a word without the quotes around it. */
  static String unquoted(String word) {
    for (String quote : new String[] {"\"", "'"}) {
      if (word.length() >= 2 && word.startsWith(quote) && word.endsWith(quote)) {
        return word.substring(1, word.length() - 1);
      }
    }
    return word;
  }
}
