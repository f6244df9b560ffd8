package org.imagediet.budget;

import java.util.OptionalLong;

/**
 * What a budget says of one size.
 *
 * @param limit bytes that the growth allows
 * @param growthBroken whether it grew by more than it may
 * @param ceilingBroken whether it is larger than it may ever be, whether it grew or not
 */
public record SizeVerdict(
    Growth growth, long limit, OptionalLong ceiling, boolean growthBroken, boolean ceilingBroken) {

  /** Returns whether the budget is broken by either. */
  public boolean broken() {
    return growthBroken || ceilingBroken;
  }

  /** Returns the limit that is reached first. */
  public long tightest() {
    return Math.min(limit, ceiling.orElse(Long.MAX_VALUE));
  }
}
