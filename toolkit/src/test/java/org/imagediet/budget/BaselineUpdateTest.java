package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BaselineUpdateTest {

  private static final Budget BUDGET = Budget.standard().ceiling(2_000_000);

  private static SizedImage app(long bytes) {
    return new SizedImage().layer("COPY app /app").file("/app", bytes).transfer();
  }

  private static BaselineUpdate update(
      Optional<Snapshot> before, SizedImage after, Budget budget, Optional<String> reason) {
    return BaselineUpdate.of(
        "shop/app",
        before,
        after.image(),
        Optional.empty(),
        budget,
        budget.sizes().contains(SizeKind.TRANSFER),
        reason);
  }

  private static Optional<Snapshot> before(long bytes) {
    return Optional.of(app(bytes).snapshot());
  }

  @Test
  @DisplayName("a first entry, a smaller image and growth within the limit need no reason")
  void free() {
    BaselineUpdate first = update(Optional.empty(), app(1_000_000), BUDGET, Optional.empty());
    assertThat(first.refusal()).isEmpty();
    assertThat(first.verdict()).isEmpty();
    assertThat(first.snapshot().transferBytes()).isEmpty();
    assertThat(update(before(1_000_000), app(900_000), BUDGET, Optional.empty()).refusal())
        .isEmpty();
    BaselineUpdate within = update(before(1_000_000), app(1_050_000), BUDGET, Optional.empty());
    assertThat(within.refusal()).isEmpty();
    assertThat(within.snapshot().accepted()).isEmpty();
    assertThat(within.snapshot().unpackedBytes()).isEqualTo(1_050_000);
  }

  @Test
  @DisplayName("growth above the limit needs a reason, which is kept with the sizes")
  void reason() {
    Optional<String> refusal =
        update(before(1_000_000), app(1_050_001), BUDGET, Optional.empty()).refusal();
    assertThat(refusal).hasValueSatisfying(text -> assertThat(text).contains("--reason"));
    BaselineUpdate accepted =
        update(before(1_000_000), app(1_500_000), BUDGET, Optional.of("time zones"));
    assertThat(accepted.refusal()).isEmpty();
    assertThat(accepted.snapshot().accepted())
        .containsExactly(
            new Snapshot.Accepted(SizeKind.UNPACKED, 1_000_000, 1_500_000, "time zones"));
    BaselineUpdate again =
        update(Optional.of(accepted.snapshot()), app(1_600_000), BUDGET, Optional.of("a font"));
    assertThat(again.snapshot().accepted())
        .extracting(Snapshot.Accepted::reason)
        .containsExactly("time zones", "a font");
    BaselineUpdate same =
        update(Optional.of(again.snapshot()), app(1_600_000), BUDGET, Optional.of("a font"));
    assertThat(same.snapshot()).isEqualTo(again.snapshot());
  }

  @Test
  @DisplayName("no reason moves the ceiling, not even for a first entry")
  void ceiling() {
    for (Optional<Snapshot> before : List.of(before(2_000_000), Optional.<Snapshot>empty())) {
      assertThat(update(before, app(2_000_001), BUDGET, Optional.of("please")).refusal())
          .hasValueSatisfying(
              text ->
                  assertThat(text)
                      .contains("above the ceiling of 2.00 MB")
                      .contains("neither an update nor a reason moves"));
    }
  }

  @Test
  @DisplayName("each size that grew is accepted, and one measured for the first time is not")
  void sizes() {
    Budget both = Budget.standard().sizes(Set.of(SizeKind.UNPACKED, SizeKind.TRANSFER));
    Optional<Snapshot> old = before(1_000_000);
    BaselineUpdate accepted = update(old, app(1_500_000), both, Optional.of("why"));
    assertThat(accepted.snapshot().accepted())
        .extracting(Snapshot.Accepted::size, Snapshot.Accepted::from, Snapshot.Accepted::to)
        .containsExactly(
            tuple(SizeKind.UNPACKED, 1_000_000L, 1_500_000L),
            tuple(SizeKind.TRANSFER, 500_018L, 750_018L));
    BaselineUpdate first =
        update(old.map(Snapshot::withoutTransfer), app(1_000_000), both, Optional.empty());
    assertThat(first.refusal()).isEmpty();
    assertThat(first.snapshot().transferBytes()).hasValue(500_018);
    Budget transfer = Budget.standard().sizes(Set.of(SizeKind.TRANSFER));
    assertThat(
            update(old.map(Snapshot::withoutTransfer), app(9_000_000), transfer, Optional.empty())
                .verdict())
        .isEmpty();
  }

  @Test
  @DisplayName("only the newest fifty reasons are kept")
  void bounded() {
    Optional<Snapshot> before = before(1_000);
    for (int i = 1; i <= 60; i++) {
      before =
          Optional.of(
              update(before, app(1_000 + i), BUDGET, Optional.of("reason " + i)).snapshot());
    }
    assertThat(before.orElseThrow().accepted()).hasSize(50);
    assertThat(before.orElseThrow().accepted().get(49).reason()).isEqualTo("reason 60");
  }
}
