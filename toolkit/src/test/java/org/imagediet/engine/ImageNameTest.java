package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {

  @ParameterizedTest
  @DisplayName("tells a tag from a registry's port")
  @CsvSource({
    "alpine, alpine, latest",
    "ubuntu:24.04, ubuntu, 24.04",
    "localhost:5000/app, localhost:5000/app, latest",
    "localhost:5000/app:1, localhost:5000/app, 1",
    "gcr.io/distroless/static-debian13:nonroot, gcr.io/distroless/static-debian13, nonroot",
  })
  void parse(String reference, String repository, String tag) {
    assertThat(ImageName.parse(reference)).isEqualTo(new ImageName(repository, tag));
  }
}
