package org.imagediet.budget;

import java.util.OptionalLong;

/**
 * What a budget says of one size.
 *
 * @param limit bytes that the growth allows
 * @param ceiling bytes that it may have at most, however it came to them
 */
public record SizeVerdict(Growth growth, long limit, OptionalLong ceiling) {

  /** Returns whether it grew by more than it may. */
  public boolean growthBroken() {
    return growth.after() > limit;
  }

  /** Returns whether it is larger than it may ever be, whether it grew or not. */
  public boolean ceilingBroken() {
    return ceiling.isPresent() && growth.after() > ceiling.getAsLong();
  }

  /** Returns whether the budget is broken by either. */
  public boolean broken() {
    return growthBroken() || ceilingBroken();
  }

  /** Returns the limit that is reached first. */
  public long tightest() {
    return Math.min(limit, ceiling.orElse(Long.MAX_VALUE));
  }
}
