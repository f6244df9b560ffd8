package org.imagediet.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Layer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlantedImageTest {

  private static final PlantedImage IMAGE =
      PlantedImage.named("app:ci", "amd64").ballast("COPY /usr /usr", "/usr/lib/data", 300_000_000);

  @Test
  @DisplayName("it is as large as it is told to be, and takes no place")
  void size() {
    ContainerImage image = IMAGE.read();
    assertThat(image.name()).isEqualTo("app:ci");
    assertThat(image.platform()).isEqualTo("linux/amd64");
    assertThat(image.sizes().unpackedBytes()).isEqualTo(300_000_000);
    assertThat(IMAGE.archive()).hasSizeLessThan(60_000);
  }

  @Test
  @DisplayName("a layer more has its instruction and files, and hardly changes the transfer size")
  void layer() {
    ContainerImage before = IMAGE.read();
    ContainerImage image =
        IMAGE.layer("COPY /a /a", Map.of("/a/one", 10_000_000L, "/a/two", 1L)).read();
    assertThat(image.sizes().unpackedBytes()).isEqualTo(310_000_001);
    assertThat(image.layers()).extracting(Layer::instruction).last().isEqualTo("COPY /a /a");
    assertThat(image.layers().get(0).diffId()).isEqualTo(before.layers().get(0).diffId());
    assertThat(image.sizes().transferBytes().orElseThrow())
        .isLessThan(before.sizes().transferBytes().orElseThrow() * 102 / 100);
  }
}
