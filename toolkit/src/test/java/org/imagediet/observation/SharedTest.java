package org.imagediet.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.image.ContainerImage;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.workflow.PlantedImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SharedTest {

  private final Shared<String> shared = new Shared<>();

  @Test
  @DisplayName("is found out in the way of whoever asks first")
  void first() {
    assertThat(shared.get(() -> "first")).isEqualTo("first");
    assertThat(shared.get(() -> "second")).isEqualTo("first");
  }

  @Test
  @DisplayName("remembers that there was no answer")
  void noAnswer() {
    fails(new NoAnswerException("silence"));
    assertThatThrownBy(() -> shared.get(() -> "second")).hasMessage("silence");
  }

  @Test
  @DisplayName("is tried again by the next one where it was the machine's fault")
  void machine() {
    fails(new EnvironmentException("The engine is gone."));
    assertThat(shared.get(() -> "second")).isEqualTo("second");
  }

  private void fails(RuntimeException reason) {
    assertThatThrownBy(
            () ->
                shared.get(
                    () -> {
                      throw reason;
                    }))
        .isSameAs(reason);
  }

  @Test
  @DisplayName("observers of one image run it once between them")
  void observers() {
    ContainerImage image =
        ImageArchive.read(
            new ByteArrayInputStream(PlantedImage.named("app", "amd64").archive()),
            ReadOptions.defaults());
    Seen seen = new Seen();
    // Without a probe nothing can be run, which is remembered like all else that comes of a run.
    Throwable tried = catchThrowable(new Observer(null, "app", image, seen)::asItIs);
    assertThat(tried).isInstanceOf(NullPointerException.class);
    assertThat(catchThrowable(new Observer(null, "app", image, seen)::asItIs)).isSameAs(tried);
    assertThat(catchThrowable(new Observer(null, "app", image, new Seen())::asItIs))
        .isNotSameAs(tried);
  }
}
