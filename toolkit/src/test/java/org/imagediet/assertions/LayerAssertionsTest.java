package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.imagediet.assertions.ImageAssertions.assertThat;

import java.util.List;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LayerAssertionsTest {

  private static ContainerImage layers(String name, String... diffIds) {
    TestImage image = new TestImage().name(name);
    for (String diffId : diffIds) {
      image.layer("COPY", diffId).sized("/" + diffId, 1);
    }
    return image.image();
  }

  @Test
  @DisplayName("isBasedOn passes with all of the base's layers below the image's own")
  void based() {
    assertThat(layers("app", "a", "b", "c")).isBasedOn(layers("base", "a", "b"));
    assertThat(layers("app", "a", "b")).isBasedOn(layers("base", "a", "b"));
    assertThat(layers("app", "a", "b", "c")).hasLayersOf(List.of("a", "b"));
  }

  @Test
  @DisplayName("isBasedOn says where the layers part")
  void parted() {
    ContainerImage base = layers("base:1", "a", "b", "c");
    assertThat(FailureTexts.of(() -> assertThat(layers("app", "a", "x", "c")).isBasedOn(base)))
        .isEqualTo(
            """
            The image app is not based on base:1
              measured: the lowest 1 of the base's 3 layers are the image's
                        then comes x instead of b
              expected: the 3 layers of base:1 below all others
              why:      only the base's own layers, unchanged, share its space and follow its updates""");
  }

  @Test
  @DisplayName("hasLayersOf fails for another order, for fewer layers and for the base above")
  void others() {
    List<String> base = List.of("a", "b");
    assertThat(FailureTexts.of(() -> assertThat(layers("app", "a")).hasLayersOf(base)))
        .isEqualTo(
            """
            The image app is not based on the given base
              measured: the lowest 1 of the base's 2 layers are the image's
                        then the image ends
              expected: the 2 layers of the given base below all others
              why:      only the base's own layers, unchanged, share its space and follow its updates""");
    assertThat(FailureTexts.of(() -> assertThat(layers("app", "b", "a")).hasLayersOf(base)))
        .contains("the lowest 0 of");
    assertThat(FailureTexts.of(() -> assertThat(layers("app", "x", "a", "b")).hasLayersOf(base)))
        .contains("the lowest 0 of");
  }

  @Test
  @DisplayName("a base without layers is refused, since every image has it")
  void noBase() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(layers("app", "a")).hasLayersOf(List.of()))
        .withMessage("A base without layers is below every image; give one with layers");
  }
}
