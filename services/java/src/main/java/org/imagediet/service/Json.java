package org.imagediet.service;

import java.util.List;
import java.util.stream.Collectors;

/** A JSON object in the making; the JDK has no JSON of its own. */
final class Json {

  private final StringBuilder fields = new StringBuilder();

  /** Adds a field: null, a boolean, a number, a list of numbers, or anything as text. */
  Json put(String name, Object value) {
    fields.append(fields.length() == 0 ? "" : ",").append(quoted(name)).append(':');
    if (value == null || value instanceof Boolean || value instanceof Number) {
      fields.append(value);
    } else if (value instanceof List<?> list) {
      fields.append(list.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]")));
    } else {
      fields.append(quoted(value.toString()));
    }
    return this;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return "{" + fields + "}";
  }
}
