package org.imagediet.workflow;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.report.Clean;

/** Fills in <code>${{ name }}</code>, where the name is one of those that are known. */
final class Expressions {

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{(.*?)\\}\\}", Pattern.DOTALL);

  private Expressions() {}

  /**
   * Returns a text with every expression filled in.
   *
   * @param where what messages call the place
   * @throws WorkflowException when there is another expression than a known name
   */
  static String fill(String text, Map<String, String> values, String where) {
    Matcher matcher = EXPRESSION.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1).strip();
      String value = values.get(name);
      if (value == null) {
        throw new WorkflowException(
            "%s: ${{ %s }} is not known here; there are env.NAME and %s."
                .formatted(
                    where,
                    Clean.quoted(name),
                    String.join(
                        ", ",
                        values.keySet().stream()
                            .filter(known -> !known.startsWith("env."))
                            .toList())));
      }
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(filled).toString();
  }
}
