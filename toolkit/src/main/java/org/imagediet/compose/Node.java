package org.imagediet.compose;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.imagediet.report.Clean;

/** A value of a compose file and the way to it. */
record Node(String path, JsonNode json) {

  private static final int MOST_ITEMS = 100;

  Node at(String key) {
    return new Node(path.isEmpty() ? key : path + "." + key, json.path(key));
  }

  /**
   * Returns whether there is a value; after a key with nothing behind it there is an empty text.
   */
  boolean present() {
    boolean empty = json.isTextual() && json.textValue().isEmpty();
    return !json.isMissingNode() && !json.isNull() && !empty;
  }

  boolean isText() {
    return present() && json.isTextual();
  }

  ComposeException wrong(String how, Object... texts) {
    Object[] shown = Arrays.stream(texts).map(text -> Clean.quoted(text.toString())).toArray();
    String where = path.isEmpty() ? "it" : Clean.quoted(path);
    return new ComposeException(
        ComposeService.FILE + ": " + where + " " + how.formatted(shown) + ".");
  }

  ComposeException refused(String why) {
    return wrong("is refused: %s", why);
  }

  ComposeException unknown() {
    return wrong("is not honoured here; remove it");
  }

  /** Returns the keys of a mapping with their values; empty when there is none. */
  Map<String, Node> entries() {
    Map<String, Node> entries = new LinkedHashMap<>();
    if (present()) {
      if (!json.isObject()) {
        throw wrong("must be a mapping (key: value)");
      }
      json.fieldNames().forEachRemaining(key -> entries.put(key, at(key)));
    }
    return entries;
  }

  void allowOnly(String... keys) {
    entries()
        .forEach(
            (key, value) -> {
              if (!List.of(keys).contains(key)) {
                throw value.unknown();
              }
            });
  }

  List<Node> items() {
    if (!present()) {
      return List.of();
    }
    if (!json.isArray() || json.size() > MOST_ITEMS) {
      throw wrong("must be a list of at most " + MOST_ITEMS + " items");
    }
    List<Node> items = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      items.add(new Node(path + "[" + i + "]", json.get(i)));
    }
    return items;
  }

  /** Returns the items of a list, or the one text that stands in its place. */
  List<Node> itemsOrOne() {
    return isText() ? List.of(this) : items();
  }

  <T> Optional<T> optional(Function<Node, T> reader) {
    return present() ? Optional.of(reader.apply(this)) : Optional.empty();
  }

  /**
   * Returns a text as compose would understand it. Compose fills in variables of whoever starts it;
   * a grader has none to offer.
   */
  String text() {
    if (!json.isTextual()) {
      throw wrong(present() ? "must be a text or a number" : "has no value");
    }
    String text = json.textValue();
    if (text.indexOf('\0') >= 0) {
      throw wrong("holds a NUL character");
    }
    if (text.replace("$$", "").contains("$")) {
      throw wrong("holds a $, and no variable is filled in here; write the value, or $$ for a $");
    }
    return text.replace("$$", "$");
  }

  String required() {
    String text = text();
    if (text.isEmpty()) {
      throw wrong("has no value");
    }
    return text;
  }

  String matching(String pattern, String what) {
    String text = required();
    if (!text.matches(pattern)) {
      throw wrong("is %s; it is " + what, text);
    }
    return text;
  }

  boolean flag() {
    if (!present()) {
      return false;
    }
    String text = matching("(?i)true|false|yes|no|on|off|y|n", "true or false");
    return text.matches("(?i)true|yes|on|y");
  }

  String absolutePath() {
    return absolutePath(required());
  }

  String absolutePath(String text) {
    boolean climbs = List.of(text.split("/")).contains("..");
    if (!text.startsWith("/") || climbs || text.matches("(?s).*[\\p{Cntrl},:].*")) {
      throw wrong("is %s; it is a path from the root of the container, without ..", text);
    }
    return text;
  }
}
