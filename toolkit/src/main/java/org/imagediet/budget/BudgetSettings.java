package org.imagediet.budget;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;

/** The settings of a budget that somebody wrote; what is empty is left to others. */
public record BudgetSettings(
    Optional<BigDecimal> maxGrowth,
    Optional<Long> floor,
    Optional<Long> ceiling,
    Optional<Set<SizeKind>> sizes) {

  /** No setting. */
  public static final BudgetSettings NONE =
      new BudgetSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Returns these settings and, where they are silent, others. */
  public BudgetSettings or(BudgetSettings others) {
    return new BudgetSettings(
        maxGrowth.or(others::maxGrowth),
        floor.or(others::floor),
        ceiling.or(others::ceiling),
        sizes.or(others::sizes));
  }

  /** Returns the budget, the usual one where nothing is set. */
  public Budget budget() {
    Budget budget = Budget.standard();
    budget = maxGrowth.isPresent() ? budget.maxGrowth(maxGrowth.get()) : budget;
    budget = floor.isPresent() ? budget.floor(floor.get()) : budget;
    budget = ceiling.isPresent() ? budget.ceiling(ceiling.get()) : budget;
    return sizes.isPresent() ? budget.sizes(sizes.get()) : budget;
  }

  /**
   * Reads a ceiling, which nothing can be below when it is 0.
   *
   * @throws IllegalArgumentException whose message goes on after what the text is for
   */
  public static long ceiling(String text) {
    long bytes = Units.bytes(text);
    if (bytes == 0) {
      throw new IllegalArgumentException(
          "'%s' is no ceiling; every image is above it".formatted(text));
    }
    return bytes;
  }

  /**
   * Reads which sizes are compared: {@code unpacked}, {@code transfer} or {@code both}.
   *
   * @throws IllegalArgumentException whose message goes on after what the text is for
   */
  public static Set<SizeKind> sizes(String text) {
    return switch (text) {
      case "unpacked" -> Set.of(SizeKind.UNPACKED);
      case "transfer" -> Set.of(SizeKind.TRANSFER);
      case "both" -> Set.of(SizeKind.UNPACKED, SizeKind.TRANSFER);
      default ->
          throw new IllegalArgumentException(
              "'%s' is no size; there are unpacked, transfer and both"
                  .formatted(text.length() > 40 ? text.substring(0, 40) + "..." : text));
    };
  }
}
