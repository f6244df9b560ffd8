package org.imagediet.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.imagediet.report.Clean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {

  private static String decode(byte... bytes) {
    return FileNames.decode(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @DisplayName("gives back the bytes of a name, whatever they are")
  @ValueSource(
      strings = {
        "",
        "2f6c6962",
        "2fc3bc2fff",
        "2fff",
        "c3",
        "c32f",
        "e282",
        "eda080",
        "c080",
        "f09f98802f80",
        // U+10FEFF and the byte that it would stand for
        "f48fbbbf",
        "2fff2ff48fbbbf",
        "f48fb880",
        "f48fb7bff48fbc80"
      })
  void roundTrip(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(FileNames.encode(decode(bytes))).isEqualTo(bytes);
  }

  @Test
  @DisplayName("leaves UTF-8 as it is, also in a folder of a name that is not")
  void utf8() {
    byte[] name = "/ü/\uD83D\uDE00/?".getBytes(StandardCharsets.UTF_8);
    name[name.length - 1] = (byte) 0xff;
    assertThat(FileNames.plain(decode(name))).isFalse();
    assertThat(FileNames.plain("/ü/\uD83D\uDE00/?")).isTrue();
    assertThat(decode(name))
        .startsWith("/ü/\uD83D\uDE00/")
        .hasSize("/ü/\uD83D\uDE00/".length() + 2);
  }

  @Test
  @DisplayName("gives every byte that is no character another text, which is printed as a mark")
  void distinct() {
    assertThat(IntStream.range(0x80, 0x100).mapToObj(b -> decode((byte) b)).distinct())
        .hasSize(0x80)
        .allMatch(text -> Clean.line(text).equals("?"));
    assertThat(decode((byte) 0xff)).isNotEqualTo(decode("\u00ff".getBytes(StandardCharsets.UTF_8)));
    byte[] own = "\uDBFF\uDEFF".getBytes(StandardCharsets.UTF_8);
    assertThat(decode((byte) 0xff)).isNotEqualTo(decode(own));
  }

  @Test
  @DisplayName("takes text from elsewhere for the bytes that an engine makes of it")
  void fromElsewhere() {
    assertThat(FileNames.of("/ü")).isEqualTo("/ü");
    assertThat(FileNames.encode(FileNames.of("\uDBFF\uDEFF")))
        .isEqualTo("\uDBFF\uDEFF".getBytes(StandardCharsets.UTF_8));
    assertThat(FileNames.of("\uD800/\uDC00")).isEqualTo("\uFFFD/\uFFFD");
  }
}
