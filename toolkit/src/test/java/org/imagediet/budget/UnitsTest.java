package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {

  @ParameterizedTest
  @DisplayName("reads sizes in decimal and in binary units, exactly")
  @CsvSource({
    "0, 0",
    "0.0, 0",
    "1B, 1",
    "100kB, 100000",
    "20 MB, 20000000",
    "1.5MB, 1500000",
    "0.001kB, 1",
    "2GB, 2000000000",
    "1KiB, 1024",
    "16MiB, 16777216",
    "1.5GiB, 1610612736",
    "'  7B ', 7",
    "1000000GB, 1000000000000000"
  })
  void sizes(String text, long bytes) {
    assertThat(Units.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @DisplayName("refuses a size that may be meant otherwise")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '!',
      textBlock =
          """
          20 ~ '20' has no unit; there are B, kB, MB, GB, KiB, MiB and GiB
          20KB ~ '20KB' has an unknown unit; there are B, kB, MB, GB, KiB, MiB and GiB
          20mb ~ '20mb' has an unknown unit; there are B, kB, MB, GB, KiB, MiB and GiB
          -5MB ~ '-5MB' is no size; write it such as 100kB, 20MB or 16MiB
          1e3MB ~ '1e3MB' is no size; write it such as 100kB, 20MB or 16MiB
          NaN ~ 'NaN' is no size; write it such as 100kB, 20MB or 16MiB
          !! ~ '' is no size; write it such as 100kB, 20MB or 16MiB
          1,5MB ~ '1,5MB' is no size; write it such as 100kB, 20MB or 16MiB
          0.5B ~ '0.5B' is no whole number of bytes
          0.0001kB ~ '0.0001kB' is no whole number of bytes
          1000001GB ~ '1000001GB' is larger than any image
          9999999999999999999GB ~ '9999999999999999999GB' is no size; write it such as 100kB, 20MB or 16MiB
          """)
  void badSizes(String text, String message) {
    assertThatThrownBy(() -> Units.bytes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @DisplayName("reads percentages with decimals")
  @CsvSource({"5%, 5", "5 %, 5", "0%, 0", "2.5%, 2.5", "0.000001%, 0.000001", "1000%, 1000"})
  void percentages(String text, BigDecimal percent) {
    assertThat(Units.percentage(text)).isEqualByComparingTo(percent);
  }

  @ParameterizedTest
  @DisplayName("refuses a number that could be a share or a percentage")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '!',
      textBlock =
          """
          5 ~ '5' is no percentage; write it such as 5% or 2.5%
          0.05 ~ '0.05' is no percentage; write it such as 5% or 2.5%
          -5% ~ '-5%' is no percentage; write it such as 5% or 2.5%
          5%% ~ '5%%' is no percentage; write it such as 5% or 2.5%
          1001% ~ '1001%' is more than 1000%
          """)
  void badPercentages(String text, String message) {
    assertThatThrownBy(() -> Units.percentage(text)).hasMessage(message);
  }
}
