package org.imagediet.workbook;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code $name}, {@code ${name}}, {@code ${name:-default}} and {@code ${name:+other}}. */
final class ArgumentText {

  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(?:([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)(?::([-+])([^${}]*))?\\})");

  private static final int MOST_ROUNDS = 10;

  private ArgumentText() {}

  /**
   * Returns a word with its variables replaced and its quotes removed.
   *
   * @throws DockerfileException when it uses more of the shell's language than a name needs
   */
  static String expand(String word, Map<String, String> values, int line) {
    String text = unquoted(word, line);
    // Rounds, so that a default may itself hold a variable.
    for (int round = 0; round < MOST_ROUNDS && text.contains("$"); round++) {
      StringBuilder expanded = new StringBuilder();
      Matcher variable = VARIABLE.matcher(text);
      while (variable.find()) {
        variable.appendReplacement(expanded, Matcher.quoteReplacement(value(variable, values)));
      }
      variable.appendTail(expanded);
      if (expanded.toString().equals(text)) {
        break;
      }
      text = expanded.toString();
    }
    if (text.contains("$") || text.contains("\\")) {
      throw new DockerfileException(
          line, "'" + word + "' is more than the grader can follow; write the name out");
    }
    return text;
  }

  private static String value(Matcher variable, Map<String, String> values) {
    String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
    String value = values.getOrDefault(name, "");
    if ("-".equals(variable.group(3))) {
      return value.isEmpty() ? variable.group(4) : value;
    }
    if ("+".equals(variable.group(3))) {
      return value.isEmpty() ? "" : variable.group(4);
    }
    return value;
  }

  private static String unquoted(String word, int line) {
    for (String quote : new String[] {"\"", "'"}) {
      if (word.length() >= 2 && word.startsWith(quote) && word.endsWith(quote)) {
        word = word.substring(1, word.length() - 1);
        break;
      }
    }
    if (word.contains("\"") || word.contains("'")) {
      throw new DockerfileException(
          line, "'" + word + "' has quotes inside; write the name without");
    }
    return word;
  }
}
