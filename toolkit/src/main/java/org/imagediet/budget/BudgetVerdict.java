package org.imagediet.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imagediet.image.ContainerImage;

/**
 * What a budget says of an image.
 *
 * @param name the image's name in the baseline
 * @param sizes one for each size of the budget
 * @param blame what grew, and who brought it
 */
public record BudgetVerdict(String name, Budget budget, List<SizeVerdict> sizes, Blame blame) {

  /**
   * Compares an image with what it was.
   *
   * @param base the base image that it stands on now, where that is known
   * @throws BaselineException when the baseline lacks a size of the budget
   * @throws IllegalArgumentException when the image was read without a size of the budget
   */
  public static BudgetVerdict of(
      String name, Snapshot before, ContainerImage image, Optional<Base> base, Budget budget) {
    List<SizeVerdict> sizes = new ArrayList<>();
    for (SizeKind kind : budget.sizes()) {
      long was =
          before
              .size(kind)
              .orElseThrow(
                  () ->
                      new BaselineException(
                          "The baseline has no %s size of %s; `./lab budget update --size %s`"
                                  .formatted(kind.id(), name, kind.id())
                              + " adds it."));
      sizes.add(budget.judge(new Growth(kind, was, Snapshot.size(image, kind))));
    }
    return new BudgetVerdict(name, budget, List.copyOf(sizes), Blame.of(before, image, base));
  }

  /** Returns whether any size breaks the budget. */
  public boolean broken() {
    return sizes.stream().anyMatch(SizeVerdict::broken);
  }
}
