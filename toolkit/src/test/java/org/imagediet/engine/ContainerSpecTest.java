package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ContainerSpecTest {

  @Test
  @DisplayName("bounds memory and processes, and lets nobody widen that")
  void bounds() {
    ContainerSpec wide =
        ContainerSpec.image("x").memoryBytes(Long.MAX_VALUE).processes(Long.MAX_VALUE).build();
    assertThat(wide.memoryBytes()).isEqualTo(512L << 20);
    assertThat(wide.processes()).isEqualTo(256);
    ContainerSpec tight = ContainerSpec.image("x").memoryBytes(1000).processes(5).build();
    assertThat(tight.memoryBytes()).isEqualTo(1000);
    assertThat(tight.processes()).isEqualTo(5);
  }
}
