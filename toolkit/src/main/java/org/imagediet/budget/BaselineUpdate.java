package org.imagediet.budget;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.imagediet.image.ContainerImage;
import org.imagediet.report.Bytes;

/**
 * A new entry for a baseline, or why it may not be one.
 *
 * @param verdict the comparison with the entry that it replaces
 * @param refusal a sentence, when the growth needs a reason or the ceiling is broken
 */
public record BaselineUpdate(
    Snapshot snapshot, Optional<BudgetVerdict> verdict, Optional<String> refusal) {

  /**
   * Prepares an entry.
   *
   * @param before the entry that it replaces
   * @param transfer whether it keeps the transfer size, which the image then has
   * @param reason why the image is larger
   */
  public static BaselineUpdate of(
      String name,
      Optional<Snapshot> before,
      ContainerImage image,
      Optional<Base> base,
      Budget budget,
      boolean transfer,
      Optional<String> reason) {
    Snapshot measured = Snapshot.of(image, base);
    Snapshot snapshot = transfer ? measured : measured.withoutTransfer();
    Optional<BudgetVerdict> verdict =
        before.flatMap(
            old -> {
              // A size that is measured for the first time cannot have grown.
              Set<SizeKind> both = EnumSet.noneOf(SizeKind.class);
              budget.sizes().stream().filter(kind -> old.size(kind).isPresent()).forEach(both::add);
              return both.isEmpty()
                  ? Optional.empty()
                  : Optional.of(BudgetVerdict.of(name, old, image, base, budget.sizes(both)));
            });
    List<Snapshot.Accepted> accepted =
        new ArrayList<>(before.map(Snapshot::accepted).orElse(List.of()));
    for (SizeVerdict size : verdict.map(BudgetVerdict::sizes).orElse(List.of())) {
      Growth growth = size.growth();
      if (reason.isPresent() && growth.bytes() > 0) {
        accepted.add(
            new Snapshot.Accepted(growth.size(), growth.before(), growth.after(), reason.get()));
      }
    }
    return new BaselineUpdate(
        snapshot.accepted(accepted), verdict, refusal(name, image, budget, verdict, reason));
  }

  private static Optional<String> refusal(
      String name,
      ContainerImage image,
      Budget budget,
      Optional<BudgetVerdict> verdict,
      Optional<String> reason) {
    for (SizeKind kind : budget.sizes()) {
      long now = Snapshot.size(image, kind);
      if (budget.ceiling().isPresent() && now > budget.ceiling().getAsLong()) {
        return Optional.of(
            ("%s is %s (%s), above the ceiling of %s, which neither an update nor a reason moves;"
                    + " the baseline stays as it is.")
                .formatted(
                    name,
                    Bytes.readable(now),
                    kind.id(),
                    Bytes.readable(budget.ceiling().getAsLong())));
      }
    }
    boolean grew =
        verdict.filter(v -> v.sizes().stream().anyMatch(SizeVerdict::growthBroken)).isPresent();
    return grew && reason.isEmpty()
        ? Optional.of(
            ("%s grew by more than it may, and the baseline stays as it is; if it is on purpose, say"
                    + " why with --reason.")
                .formatted(name))
        : Optional.empty();
  }
}
