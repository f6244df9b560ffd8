package org.imagediet.service;

import java.util.List;

final class JsonTest {

  void writesEachKindOfValue() {
    Check.equal(
        Json.object("a", 1, "b", true, "c", null, "d", List.of(1, 2), "e", "x"),
        "{\"a\":1,\"b\":true,\"c\":null,\"d\":[1,2],\"e\":\"x\"}");
  }

  void escapesWhatWouldEndTheText() {
    Check.equal(Json.quote("a\"b\\c\nd"), "\"a\\\"b\\\\c\\u000ad\"");
  }

  void escapesHalfASurrogatePair() {
    Check.equal(Json.quote("\ud83d!"), "\"\\ud83d!\"");
  }
}
