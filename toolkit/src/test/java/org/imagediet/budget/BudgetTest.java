package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {

  private static SizeVerdict judge(Budget budget, long before, long after) {
    return budget.judge(new Growth(SizeKind.UNPACKED, before, after));
  }

  @ParameterizedTest
  @DisplayName("growth exactly at the limit passes, and a byte more does not")
  @CsvSource({
    // before, percent, the most that passes
    "100, 5, 105",
    "10000000, 5, 10500000",
    "33, 5, 34",
    "1, 5, 1",
    "0, 5, 0",
    "1000, 2.5, 1025",
    "3, 33.333333, 3",
    "300, 33.333333, 399",
    "999999999999999, 5, 1049999999999998",
    "1000000000000000, 0.000001, 1000000010000000",
    "9007199254740993, 0, 9007199254740993",
    "500, 1000, 5500"
  })
  void exact(long before, BigDecimal percent, long most) {
    Budget budget = Budget.standard().maxGrowth(percent);
    assertThat(judge(budget, before, most).broken()).isFalse();
    assertThat(judge(budget, before, most + 1).growthBroken()).isTrue();
    assertThat(budget.limit(before)).isEqualTo(most);
    assertThat(judge(budget, before, before).broken()).isFalse();
    assertThat(judge(budget, before, 0).broken()).isFalse();
  }

  @Test
  @DisplayName("growth up to the floor passes, whatever the percentage")
  void floor() {
    Budget budget = Budget.standard().floor(100_000);
    assertThat(judge(budget, 500_000, 600_000).broken()).isFalse();
    assertThat(judge(budget, 500_000, 600_001).growthBroken()).isTrue();
    assertThat(judge(budget, 0, 100_000).broken()).isFalse();
    // The floor takes nothing away from a large image.
    assertThat(judge(budget, 10_000_000, 10_500_000).broken()).isFalse();
    assertThat(judge(budget, 10_000_000, 10_500_001).growthBroken()).isTrue();
    assertThat(budget.limit(500_000)).isEqualTo(600_000);
  }

  @Test
  @DisplayName("the ceiling breaks without growth, and also when the image shrinks")
  void ceiling() {
    Budget budget = Budget.standard().floor(1 << 30).ceiling(20_000_000);
    assertThat(judge(budget, 20_000_000, 20_000_000).broken()).isFalse();
    SizeVerdict same = judge(budget, 20_000_001, 20_000_001);
    assertThat(same.ceilingBroken()).isTrue();
    assertThat(same.growthBroken()).isFalse();
    assertThat(judge(budget, 30_000_000, 25_000_000).ceilingBroken()).isTrue();
    assertThat(judge(budget, 30_000_000, 25_000_000).tightest()).isEqualTo(20_000_000);
  }

  @Test
  @DisplayName("4.9 % for ever meets the ceiling")
  void creeping() {
    Budget budget = Budget.standard().ceiling(20_000_000);
    long size = 10_000_000;
    int changes = 0;
    while (!judge(budget, size, size + size * 49 / 1000).broken()) {
      size += size * 49 / 1000;
      changes++;
    }
    assertThat(changes).isEqualTo(14);
    assertThat(judge(budget, size, size + size * 49 / 1000).growthBroken()).isFalse();
  }

  @Test
  @DisplayName("a budget that makes no sense is refused")
  void nonsense() {
    Budget budget = Budget.standard();
    assertThatThrownBy(() -> budget.maxGrowth(BigDecimal.valueOf(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> budget.floor(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> budget.ceiling(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> budget.sizes(Set.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("the growth in percent is rounded to the side of the limit that it is on")
  void percent() {
    Growth barely = new Growth(SizeKind.UNPACKED, 1_000_000, 1_050_001);
    assertThat(barely.percent(RoundingMode.CEILING)).contains(new BigDecimal("5.01"));
    Growth nearly = new Growth(SizeKind.UNPACKED, 1_000_000, 1_049_999);
    assertThat(nearly.percent(RoundingMode.FLOOR)).contains(new BigDecimal("4.99"));
    assertThat(new Growth(SizeKind.UNPACKED, 0, 5).percent(RoundingMode.FLOOR)).isEmpty();
  }
}
