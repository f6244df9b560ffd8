package org.imagediet.assertions.error;

import java.util.ArrayList;
import java.util.List;
import org.imagediet.budget.BudgetVerdict;
import org.imagediet.budget.Culprit;
import org.imagediet.budget.SizeVerdict;
import org.imagediet.image.ContainerImage;

/** Says that an image grew by too much, and what grew. */
public final class ShouldGrowAtMost extends ImageErrorMessage {

  private static final int MOST_CULPRITS = 3;

  private ShouldGrowAtMost(ContainerImage image, BudgetVerdict verdict) {
    super(
        image,
        "grew by too much",
        measured(image, verdict),
        "at most %s, %s %% more than the baseline"
            .formatted(
                Texts.size(verdict.sizes().get(0).limit()),
                verdict.budget().maxGrowth().toPlainString()),
        "surprise growth is often a build tool or a cache that leaked into the image");
  }

  private static List<String> measured(ContainerImage image, BudgetVerdict verdict) {
    SizeVerdict size = verdict.sizes().get(0);
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, and the baseline has %s"
            .formatted(Texts.size(size.growth().after()), Texts.size(size.growth().before())));
    for (Culprit culprit : verdict.blame().culprits().stream().limit(MOST_CULPRITS).toList()) {
      lines.add(
          "%s grew by %s, from %s"
              .formatted(
                  culprit.path(),
                  Texts.size(culprit.bytes()),
                  Texts.layer(image, culprit.layer())));
    }
    return lines;
  }

  /** Returns the text. */
  public static ImageErrorMessage shouldGrowAtMost(ContainerImage image, BudgetVerdict verdict) {
    return new ShouldGrowAtMost(image, verdict);
  }
}
