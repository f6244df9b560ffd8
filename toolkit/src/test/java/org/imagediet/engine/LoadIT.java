package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.imagediet.archive.ExampleImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LoadIT {

  private static final String NAME = "imagediet-load/app:1";

  private final Set<String> loaded = new HashSet<>();
  private Engine engine;

  @BeforeEach
  void connect() {
    engine = Engines.connect();
  }

  @AfterEach
  void remove() {
    engine.untag(NAME);
    // One that lost its name is still there.
    loaded.forEach(engine::untag);
    engine.close();
  }

  private void load(byte[] archive) {
    engine.load(new ByteArrayInputStream(archive));
    engine.imageId(NAME).ifPresent(loaded::add);
  }

  @Test
  @DisplayName("a name that was another image's is the new one's as soon as the load is over")
  void moves() throws Exception {
    byte[] good = ExampleImage.good(NAME);
    byte[] bad = ExampleImage.bad(NAME);
    load(good);
    String before = engine.imageId(NAME).orElseThrow();
    for (int i = 0; i < 5; i++) {
      load(bad);
      assertThat(engine.imageId(NAME)).isPresent().get().isNotEqualTo(before);
      load(good);
      assertThat(engine.imageId(NAME)).contains(before);
    }
  }

  @Test
  @DisplayName("an archive that breaks off is refused in one sentence")
  void breaksOff() throws Exception {
    byte[] archive = ExampleImage.good(NAME);
    assertThatThrownBy(() -> load(Arrays.copyOf(archive, 1000)))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith("The engine refused: ")
        .hasMessageContaining("unexpected EOF");
    assertThat(engine.imageId(NAME)).isEmpty();
  }
}
