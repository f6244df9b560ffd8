package org.imagediet.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TextSearchTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  @DisplayName("finds texts that overlap, lie in each other or are the same, wherever a piece ends")
  void all() {
    TextSearch search =
        TextSearch.of(List.of(bytes("abcd"), bytes("bc"), bytes("cda"), bytes("bc")));
    byte[] haystack = bytes("xabcdabcx");
    for (int cut = 0; cut <= haystack.length; cut++) {
      List<String> found = new ArrayList<>();
      TextSearch.Pass pass =
          search.pass((texts, end) -> texts.stream().forEach(t -> found.add(t + "@" + end)));
      pass.add(haystack, 0, cut);
      pass.add(haystack, cut, haystack.length);
      assertThat(found).containsExactly("1@3", "3@3", "0@4", "2@5", "1@7", "3@7");
    }
  }
}
