package org.imagediet.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {

  @ParameterizedTest
  @DisplayName("shows a size in the unit that suits it")
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "-1500, -1.5 kB",
    "999949, 999.9 kB",
    "999950, 1.00 MB",
    "9994999, 9.99 MB",
    "9995000, 10.0 MB",
    "741900000, 741.9 MB"
  })
  void readable(long bytes, String text) {
    assertThat(Bytes.readable(bytes)).isEqualTo(text);
  }
}
