package org.imagediet.service;

import java.util.List;

final class JsonTest {

  void writesEveryKindOfValue() {
    UnitTests.same(
        "{\"a\":null,\"b\":true,\"c\":7,\"d\":[1, 2],\"e\":\"x\\\"\\\\\\u000a\"}".replace(", ", ","),
        new Json()
            .put("a", null)
            .put("b", true)
            .put("c", 7)
            .put("d", List.of(1, 2))
            .put("e", "x\"\\\n"));
  }
}
