package org.imagediet.service;

import java.util.List;
import java.util.stream.Collectors;

/** Writes JSON; the JDK has no writer of its own. */
final class Json {

  private Json() {}

  /**
   * Returns an object.
   *
   * @param keysAndValues names, each followed by its value: null, a boolean, a number, a list, or
   *     anything else as its text
   */
  static String object(Object... keysAndValues) {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      out.append(i == 0 ? "" : ",");
      out.append(quote((String) keysAndValues[i])).append(':').append(value(keysAndValues[i + 1]));
    }
    return out.append('}').toString();
  }

  private static String value(Object value) {
    if (value == null || value instanceof Boolean || value instanceof Number) {
      return String.valueOf(value);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Json::value).collect(Collectors.joining(",", "[", "]"));
    }
    return quote(value.toString());
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        // Half a surrogate pair cannot be written as UTF-8; escaped, each half is harmless.
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
