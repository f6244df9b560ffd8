package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetFileTest {

  private static final String YAML =
      """
      max-growth: 3%
      floor: 10kB
      images:
        shop/app:
          ceiling: 20MB
          sizes: both
          max-growth: 2.5%
        shop/web: {floor: 0}
      """;

  @Test
  @DisplayName("an image's own settings win over those of all, and options over both")
  void precedence() {
    BudgetFile file = BudgetFile.parse(YAML, "budget.yaml");
    Budget app = file.of("shop/app").budget();
    assertThat(app.maxGrowth()).isEqualByComparingTo("2.5");
    assertThat(app.floor()).isEqualTo(10_000);
    assertThat(app.ceiling()).hasValue(20_000_000);
    assertThat(app.sizes()).containsExactly(SizeKind.UNPACKED, SizeKind.TRANSFER);
    Budget web = file.of("shop/web").budget();
    assertThat(web.maxGrowth()).isEqualByComparingTo("3");
    assertThat(web.floor()).isZero();
    assertThat(web.ceiling()).isEmpty();
    assertThat(web.sizes()).containsExactly(SizeKind.UNPACKED);
    BudgetSettings options =
        new BudgetSettings(
            Optional.of(BigDecimal.ONE),
            Optional.of(7L),
            Optional.of(9L),
            Optional.of(Set.of(SizeKind.TRANSFER)));
    Budget both = options.or(file.of("shop/app")).budget();
    assertThat(both)
        .isEqualTo(
            Budget.standard()
                .maxGrowth(BigDecimal.ONE)
                .floor(7)
                .ceiling(9)
                .sizes(Set.of(SizeKind.TRANSFER)));
    assertThat(file.of("other").budget().maxGrowth()).isEqualByComparingTo("3");
    assertThat(BudgetFile.parse("", "budget.yaml").of("x").budget()).isEqualTo(Budget.standard());
  }

  @ParameterizedTest
  @DisplayName("a wrong setting is one sentence that says where")
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          max_growth: 5% ~ budget.yaml: max_growth is no setting; there are ceiling, floor, images, max-growth, sizes.
          'images: {a: {max-grow: 5%}}' ~ budget.yaml: images: a: max-grow is no setting; there are ceiling, floor, max-growth, sizes.
          'images: {a: {images: {}}}' ~ budget.yaml: images: a: images is no setting; there are ceiling, floor, max-growth, sizes.
          max-growth: 5 ~ budget.yaml: max-growth '5' is no percentage; write it such as 5% or 2.5%.
          max-growth: [5%] ~ budget.yaml: max-growth has no value.
          'max-growth:' ~ budget.yaml: max-growth '' is no percentage; write it such as 5% or 2.5%.
          ceiling: 0 ~ budget.yaml: ceiling '0' is no ceiling; every image is above it.
          floor: lots ~ budget.yaml: floor 'lots' is no size; write it such as 100kB, 20MB or 16MiB.
          sizes: rootfs ~ budget.yaml: sizes 'rootfs' is no size; there are unpacked, transfer and both.
          - 5% ~ budget.yaml must be a mapping (key: value).
          images: none ~ budget.yaml: images must be a mapping (key: value).
          'images: {"a b": {floor: 1kB}}' ~ budget.yaml: images: a b is no name of an image, which has only printable ASCII characters, and no space.
          'images: &x {}' ~ budget.yaml, line 1: an anchor (&) is not allowed.
          'floor: !!str 1kB' ~ budget.yaml, line 1: a tag (!) is not allowed.
          '{floor: 1kB, floor: 2kB}' ~ budget.yaml, line 1: the key floor is there twice.
          """)
  void wrong(String yaml, String sentence) {
    assertThatThrownBy(() -> BudgetFile.parse(yaml, "budget.yaml"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @Test
  @DisplayName("what a key says of itself is printable")
  void clean() {
    assertThatThrownBy(() -> BudgetFile.parse("\"\\e[2Jx\": 5%", "budget.yaml"))
        .message()
        .doesNotContain("\u001b");
    assertThatThrownBy(() -> BudgetFile.parse("floor: \"\\e[2Jx\"", "budget.yaml"))
        .message()
        .doesNotContain("\u001b");
  }

  @Test
  @DisplayName("a missing file and a folder are told")
  void missing(@TempDir Path folder) {
    assertThatThrownBy(() -> BudgetFile.read(folder.resolve("b.yaml")))
        .hasMessage("There is no file %s.", folder.resolve("b.yaml"));
    assertThatThrownBy(() -> BudgetFile.read(folder)).hasMessage("There is no file %s.", folder);
  }
}
