package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebianVersionTest {

  @ParameterizedTest
  @DisplayName("orders versions as dpkg --compare-versions does")
  @CsvSource(
      textBlock =
          """
          1.0,              1.1
          1.9,              1.10
          1.0~rc1,          1.0
          1.0~~,            1.0~
          1.0~rc1-1,        1.0~rc1-1+b1
          3.0.11-1~deb12u2, 3.0.22-1~deb12u2
          3.0.11-1~deb12u2, 3.0.11-1
          1.0-1,            1.0-1.1
          1.0,              1.0-1
          9.9,              1:0.1
          1:1.0,            2:0.1
          1.0a,             1.0+
          1.0a,             1.0b
          1.0Z,             1.0a
          252.9,            252.38-1~deb12u1
          2.6.1,            2.6.1+deb12u1
          """)
  void order(String older, String newer) {
    DebianVersion a = DebianVersion.parse(older);
    DebianVersion b = DebianVersion.parse(newer);
    assertThat(a).isLessThan(b);
    assertThat(b).isGreaterThan(a);
  }

  @ParameterizedTest
  @DisplayName("takes different spellings for the same version")
  @CsvSource({"1.0, 1.0", "0:1.0, 1.0", "1.01, 1.1", "1.0-0, 1.0"})
  void same(String one, String other) {
    assertThat(DebianVersion.parse(one)).isEqualByComparingTo(DebianVersion.parse(other));
  }

  @ParameterizedTest
  @DisplayName("bears what is no version")
  @CsvSource({"'', 1", ":, a", "99999999999999999999:1, b"})
  void noVersion(String text, String other) {
    DebianVersion version = DebianVersion.parse(text);
    assertThat(version.compareTo(version)).isZero();
    assertThat(version.compareTo(DebianVersion.parse(other)))
        .isEqualTo(-DebianVersion.parse(other).compareTo(version));
  }
}
