package org.imagediet.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleanTest {

  @Test
  @DisplayName("leaves ordinary text alone")
  void ordinary() {
    String text = "plain text, \u00fc, \ud83d\ude00 and symbols |<>&\"'`";
    assertThat(Clean.line(text)).isEqualTo(text);
  }

  @Test
  @DisplayName("has no control sequences, no other lines, nothing that turns text around")
  void controls() {
    assertThat(Clean.line("a\u001b[31mb\u009b1mc")).isEqualTo("a?[31mb?1mc");
    assertThat(Clean.line("a\nb\rc\td\u000be\u0085f\u2028g")).isEqualTo("a b c d e?f g");
    assertThat(Clean.line("a\u202eb\u2066c\u200bd\ufeffe\u00adf")).isEqualTo("a?b?c?d?e?f");
    assertThat(Clean.line("a\0b\u0008c\u007fd")).isEqualTo("a?b?c?d");
  }

  @Test
  @DisplayName("has only characters that XML has")
  void xml() {
    assertThat(Clean.line("a\ud800b\udfffc\ufffed\uffffe\ue000f")).isEqualTo("a?b?c?d?e?f");
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      int clean = Clean.line(Character.toString(c)).codePointAt(0);
      assertThat(
              clean >= 0x20 && clean <= 0xd7ff
                  || clean >= 0xe000 && clean <= 0xfffd
                  || clean >= 0x10000)
          .as("U+%04X", c)
          .isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "::error::a|: :error::a",
        "  ::add-mask::a|  : :add-mask::a",
        ":::a|: ::a",
        "a ::error::b|a ::error::b",
        "a##[error]b|a# #[error]b",
        "###[a|# # #[a",
        "##vso[task.setvariable]a|# #vso[task.setvariable]a",
        "#a #b|#a #b",
      })
  @DisplayName("is no command for a CI service that reads the log")
  void commands(String text, String clean) {
    assertThat(Clean.line(text)).isEqualTo(clean);
  }

  @Test
  @DisplayName("cuts what is too long, and is quick about it")
  void length() {
    assertThat(Clean.line("a".repeat(2000))).hasSize(2000).doesNotContain("...");
    assertThat(Clean.line("a".repeat(10_000_000))).hasSize(2003).endsWith("a...");
    assertThat(Clean.line("\ud83d\ude00".repeat(2000))).hasSizeLessThan(2010);
    assertThat(Clean.line("abcd", 4)).isEqualTo("abcd");
    assertThat(Clean.line("abcde", 4)).isEqualTo("abcd...");
    assertThat(Clean.line("abc\ud83d\ude00", 4)).isEqualTo("abc...");
  }
}
