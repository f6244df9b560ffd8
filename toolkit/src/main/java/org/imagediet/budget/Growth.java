package org.imagediet.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * How one size of an image changed.
 *
 * @param before bytes of the baseline
 * @param after bytes of the image now
 */
public record Growth(SizeKind size, long before, long after) {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Returns by how many bytes it grew; negative when it shrank. */
  public long bytes() {
    return after - before;
  }

  /**
   * Returns the growth in percent with two digits, empty when it was nothing before.
   *
   * @param rounding away from the limit it is printed beside, so that 5.001 % does not look like 5
   */
  public Optional<BigDecimal> percent(RoundingMode rounding) {
    return before == 0
        ? Optional.empty()
        : Optional.of(
            BigDecimal.valueOf(bytes())
                .multiply(HUNDRED)
                .divide(BigDecimal.valueOf(before), 2, rounding));
  }
}
