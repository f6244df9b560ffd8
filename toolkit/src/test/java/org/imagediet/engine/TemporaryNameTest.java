package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TemporaryNameTest {

  @Test
  @DisplayName("is a tag that tells whose it is, and another one each time")
  void owner() {
    String name = TemporaryName.create("lab-02-distroless-go");
    assertThat(name)
        .matches("three-image-diet/graded:lab-02-distroless-go-[A-Za-z0-9_.-]+")
        .isNotEqualTo(TemporaryName.create("lab-02-distroless-go"));
    assertThat(ImageName.parse(name).tag()).hasSizeLessThanOrEqualTo(128);
    assertThat(TemporaryName.owner(name)).contains(Owner.self());
  }

  @Test
  @DisplayName("names of another machine's, or of a person's own making, are nobody's")
  void foreign() {
    String name = TemporaryName.create("x");
    String elsewhere = name.replaceFirst("x-[0-9a-f]{8}", "x-00000000");
    assertThat(elsewhere).isNotEqualTo(name);
    assertThat(TemporaryName.owner(elsewhere)).isEmpty();
    assertThat(TemporaryName.owner("three-image-diet/graded:mine")).isEmpty();
    assertThat(TemporaryName.owner(name.replace("graded", "go"))).isEmpty();
  }
}
