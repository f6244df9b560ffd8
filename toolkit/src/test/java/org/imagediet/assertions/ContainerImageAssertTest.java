package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imagediet.assertions.ImageAssertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.imagediet.assertions.error.ImageErrorMessage;
import org.imagediet.assertions.error.ShouldRunAs;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContainerImageAssertTest {

  private static final Map<String, Consumer<ContainerImageAssert>> FORBIDDING =
      Map.of(
          "hasNoShell", ContainerImageAssert::hasNoShell,
          "hasNoPackageManager", ContainerImageAssert::hasNoPackageManager,
          "hasNoCompiler", ContainerImageAssert::hasNoCompiler,
          "hasNoSetuidFiles", ContainerImageAssert::hasNoSetuidFiles,
          "hasNoFileCapabilities", ContainerImageAssert::hasNoFileCapabilities,
          "hasNoPackages", ContainerImageAssert::hasNoPackages,
          "doesNotHaveFile", image -> image.doesNotHaveFile("/etc/passwd"),
          "hasUnpackedSizeAtMost", image -> image.hasUnpackedSizeAtMost(0),
          "hasRootfsSizeAtMost", image -> image.hasRootfsSizeAtMost(0),
          "wastesAtMost", image -> image.wastesAtMost(0));

  static Stream<String> forbidding() {
    return FORBIDDING.keySet().stream().sorted();
  }

  @ParameterizedTest
  @DisplayName("what forbids something does not pass because there is nothing")
  @MethodSource("forbidding")
  void nothing(String assertion) {
    ContainerImage empty = TestImage.empty().folder("/etc").image();
    assertThat(FailureTexts.of(() -> FORBIDDING.get(assertion).accept(assertThat(empty))))
        .isEqualTo(
            """
            The image my/app:1.2 has no files
              measured: 1 layers, none of which leaves a file
              expected: an image with something in it to judge
              why:      of nothing, everything that forbids something is true""");
  }

  @ParameterizedTest
  @DisplayName("no assertion passes on null")
  @MethodSource("forbidding")
  void noImage(String assertion) {
    ContainerImage none = null;
    assertThat(FailureTexts.of(() -> FORBIDDING.get(assertion).accept(assertThat(none))))
        .contains("not to be null");
  }

  @Test
  @DisplayName("keeps what AssertJ adds: descriptions, own texts, soft assertions")
  void assertj() {
    ContainerImage image = TestImage.good().name("").image();
    assertThat(FailureTexts.of(() -> assertThat(image).as("the release").runsAs(1)))
        .startsWith("[the release] \nThe image sha256:1234 does not run as uid 1\n");
    assertThat(FailureTexts.of(() -> assertThat(image).withFailMessage("mine").runsAs(1)))
        .isEqualTo("mine");
    SoftAssertions softly = new SoftAssertions();
    softly
        .proxy(ContainerImageAssert.class, ContainerImage.class, image)
        .runsAs(1)
        .hasNoShell()
        .exposes(80);
    assertThat(softly.errorsCollected()).hasSize(2);
  }

  @Test
  @DisplayName("a text gives its facts one by one, for reports of another form")
  void facts() {
    ImageErrorMessage message = ShouldRunAs.shouldRunAs(TestImage.good().image(), 1);
    assertThat(message.measured()).containsExactly("USER 65532:65532 means uid 65532, gid 65532");
    assertThat(message.expected()).isEqualTo("a USER that means uid 1");
    assertThat(message.why()).startsWith("whoever takes over");
  }
}
