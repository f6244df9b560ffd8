package org.imagediet.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  @DisplayName("finds just what looking everywhere finds, in random texts of any shortest length")
  void random(int shortest) {
    Random random = new Random(shortest);
    for (int round = 0; round < 300; round++) {
      List<byte[]> texts = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        texts.add(word(random, shortest + random.nextInt(5)));
      }
      byte[] haystack = word(random, 200);
      Set<String> found = new TreeSet<>();
      TextSearch.Pass pass =
          TextSearch.of(texts)
              .pass((ends, end) -> ends.stream().forEach(text -> found.add(text + "@" + end)));
      int cut = random.nextInt(haystack.length);
      pass.add(haystack, 0, cut);
      pass.add(haystack, cut, haystack.length);
      assertThat(found).isEqualTo(everywhere(texts, haystack));
    }
  }

  private static byte[] word(Random random, int length) {
    byte[] word = new byte[length];
    for (int i = 0; i < length; i++) {
      word[i] = (byte) (random.nextInt(3) == 0 ? 0 : -2 + random.nextInt(4));
    }
    return word;
  }

  private static Set<String> everywhere(List<byte[]> texts, byte[] haystack) {
    Set<String> found = new TreeSet<>();
    for (int text = 0; text < texts.size(); text++) {
      int length = texts.get(text).length;
      for (int end = length; end <= haystack.length; end++) {
        if (Arrays.equals(texts.get(text), 0, length, haystack, end - length, end)) {
          found.add(text + "@" + (end - 1));
        }
      }
    }
    return found;
  }
}
