package org.imagediet.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * By how much an image may grow, and how large it may ever be. Growth exactly at a limit is within
 * it.
 *
 * @param maxGrowth in percent of the baseline
 * @param floor bytes by which an image may always grow, since 5 % of a small one is next to nothing
 * @param ceiling bytes that no growth may pass, however slow
 * @param sizes what is compared
 */
public record Budget(BigDecimal maxGrowth, long floor, OptionalLong ceiling, Set<SizeKind> sizes) {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Checks the numbers and copies the set. */
  public Budget {
    if (maxGrowth.signum() < 0 || floor < 0 || ceiling.orElse(1) < 1 || sizes.isEmpty()) {
      throw new IllegalArgumentException(
          "A budget has a growth and a floor of 0 or more, a ceiling above 0, and a size to"
              + " compare.");
    }
    sizes = Collections.unmodifiableSet(EnumSet.copyOf(sizes));
  }

  /** Returns the usual budget: the unpacked size may grow by 5 %. */
  public static Budget standard() {
    return new Budget(BigDecimal.valueOf(5), 0, OptionalLong.empty(), Set.of(SizeKind.UNPACKED));
  }

  /** The same, with another growth in percent. */
  public Budget maxGrowth(BigDecimal percent) {
    return new Budget(percent, floor, ceiling, sizes);
  }

  /** The same, with another floor in bytes. */
  public Budget floor(long bytes) {
    return new Budget(maxGrowth, bytes, ceiling, sizes);
  }

  /** The same, with a ceiling in bytes. */
  public Budget ceiling(long bytes) {
    return new Budget(maxGrowth, floor, OptionalLong.of(bytes), sizes);
  }

  /** The same, for other sizes. */
  public Budget sizes(Set<SizeKind> compared) {
    return new Budget(maxGrowth, floor, ceiling, compared);
  }

  /** Returns how many bytes an image may have by its growth alone. */
  public long limit(long before) {
    // Bytes are whole, so nothing lies between the limit and what it is rounded down to.
    long growth =
        maxGrowth
            .multiply(BigDecimal.valueOf(before))
            .divide(HUNDRED, 0, RoundingMode.DOWN)
            .longValueExact();
    return before + Math.max(floor, growth);
  }

  /** Judges one size. */
  public SizeVerdict judge(Growth growth) {
    return new SizeVerdict(growth, limit(growth.before()), ceiling);
  }
}
