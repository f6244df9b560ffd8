package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.imagediet.assertions.ImageAssertions.assertThat;

import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigAssertionsTest {

  private static final ContainerImage IMAGE =
      TestImage.good()
          .label("vendor", "us")
          .label("version", "1.2")
          .environment("PATH", "/bin")
          .environment("EMPTY", "")
          .port("8080/tcp")
          .port("53/udp")
          .image();

  @Test
  @DisplayName("hasLabel passes with the name, and with the value")
  void label() {
    assertThat(IMAGE).hasLabel("vendor").hasLabel("version", "1.2");
  }

  @Test
  @DisplayName("hasLabel says which labels there are, or the value")
  void otherLabel() {
    assertThat(FailureTexts.of(() -> assertThat(IMAGE).hasLabel("source")))
        .isEqualTo(
            """
            The image my/app:1.2 does not have the label source
              measured: no label source, only vendor, version
              expected: source with any value
              why:      labels are how people and tools learn where an image comes from""");
    assertThat(FailureTexts.of(() -> assertThat(IMAGE).hasLabel("version", "1.3")))
        .contains("measured: version=1.2\n  expected: version=1.3\n");
    ContainerImage none = TestImage.good().image();
    assertThat(FailureTexts.of(() -> assertThat(none).hasLabel("version", "1.3")))
        .contains("measured: no label version\n  expected: version=1.3\n");
  }

  @Test
  @DisplayName("hasEnvironment passes with the name, and with the value")
  void environment() {
    assertThat(IMAGE).hasEnvironment("EMPTY").hasEnvironment("PATH", "/bin");
  }

  @Test
  @DisplayName("hasEnvironment says which variables there are, without values, or the value")
  void otherEnvironment() {
    assertThat(FailureTexts.of(() -> assertThat(IMAGE).hasEnvironment("LANG", "C.UTF-8")))
        .isEqualTo(
            """
            The image my/app:1.2 does not set LANG as expected
              measured: no variable LANG, only PATH, EMPTY
              expected: LANG=C.UTF-8
              why:      every process of the container starts with these variables""");
    assertThat(FailureTexts.of(() -> assertThat(IMAGE).hasEnvironment("PATH", "/usr/bin")))
        .contains("measured: PATH=/bin\n  expected: PATH=/usr/bin\n");
    assertThat(FailureTexts.of(() -> assertThat(IMAGE).hasEnvironment("LANG")))
        .contains("expected: LANG with any value\n");
  }

  @Test
  @DisplayName("exposes passes for a TCP port, also where the protocol goes without saying")
  void port() {
    assertThat(IMAGE).exposes(8080);
    assertThat(TestImage.good().port("9090").image()).exposes(9090);
  }

  @Test
  @DisplayName("exposes fails for another port and another protocol")
  void otherPort() {
    assertThat(FailureTexts.of(() -> assertThat(IMAGE).exposes(53)))
        .isEqualTo(
            """
            The image my/app:1.2 does not expose port 53
              measured: 8080/tcp, 53/udp
              expected: 53/tcp
              why:      EXPOSE is how people and tools learn which port to publish""");
    assertThat(FailureTexts.of(() -> assertThat(TestImage.good().image()).exposes(80)))
        .contains("measured: no port\n");
  }

  @ParameterizedTest
  @DisplayName("exposes refuses what is no port")
  @ValueSource(ints = {0, -1, 65536})
  void noPort(int port) {
    assertThatIllegalArgumentException().isThrownBy(() -> assertThat(IMAGE).exposes(port));
  }
}
