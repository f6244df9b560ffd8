package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.imagediet.assertions.ImageAssertions.assertThat;
import static org.imagediet.assertions.ImageAssertions.megabytes;

import java.util.Optional;
import org.imagediet.budget.Snapshot;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SizeAssertionsTest {

  /** 30 MB unpacked, of which a container sees 20 MB. */
  private static ContainerImage image() {
    return new TestImage()
        .layer("COPY data /")
        .sized("/data", 10_000_000)
        .sized("/other", 8_000_000)
        .layer("RUN touch /data")
        .sized("/data", 12_000_000)
        .image();
  }

  @Test
  @DisplayName("a megabyte is a million bytes")
  void units() {
    assertThat(megabytes(20)).isEqualTo(20_000_000);
    assertThat(megabytes(2.5)).isEqualTo(2_500_000);
  }

  @Test
  @DisplayName("hasUnpackedSizeAtMost counts all layers, and passes at the limit itself")
  void unpacked() {
    assertThat(image()).hasUnpackedSizeAtMost(megabytes(30));
    assertThat(FailureTexts.of(() -> assertThat(image()).hasUnpackedSizeAtMost(29_999_999)))
        .isEqualTo(
            """
            The image my/app:1.2 is too large unpacked
              measured: 30.0 MB (30000000 bytes) in the files of all layers
                        the largest is layer 1: COPY data /, with 18.0 MB
              expected: at most 30.0 MB (29999999 bytes)
              why:      what is not needed is still pulled, scanned and patched, and at hand for an attacker""");
  }

  @Test
  @DisplayName("hasRootfsSizeAtMost counts what a container sees, and passes at the limit itself")
  void rootfs() {
    assertThat(image()).hasRootfsSizeAtMost(megabytes(20));
    assertThat(FailureTexts.of(() -> assertThat(image()).hasRootfsSizeAtMost(megabytes(5))))
        .isEqualTo(
            """
            The image my/app:1.2 is too large as a container sees it
              measured: 20.0 MB (20000000 bytes) in the visible files
                        the largest is /data, with 12.0 MB, from layer 2: RUN touch /data
              expected: at most 5.00 MB (5000000 bytes)
              why:      what is not needed is still pulled, scanned and patched, and at hand for an attacker""");
  }

  @Test
  @DisplayName("wastesAtMost counts what later layers hide, and passes at the limit itself")
  void waste() {
    assertThat(image()).wastesAtMost(megabytes(10));
    assertThat(TestImage.good().image()).wastesAtMost(0);
    assertThat(FailureTexts.of(() -> assertThat(image()).wastesAtMost(megabytes(1))))
        .isEqualTo(
            """
            The image my/app:1.2 ships too much in vain
              measured: 10.0 MB (10000000 bytes)
                        /data, 10.0 MB, in layer 1: COPY data /
              expected: at most 1.00 MB (1000000 bytes) hidden by later layers
              why:      a later layer hides a file, but everybody still pulls it""");
  }

  @Test
  @DisplayName("a limit below nothing is refused")
  void negative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(image()).hasUnpackedSizeAtMost(-1))
        .withMessage("A size is 0 bytes or more, not -1");
  }

  @Test
  @DisplayName("growsAtMost compares with a baseline, passes at the limit, and names what grew")
  void grows() {
    Snapshot before = Snapshot.of(image(), Optional.empty());
    ContainerImage leaked =
        new TestImage()
            .layer("COPY data /")
            .sized("/data", 10_000_000)
            .sized("/other", 8_000_000)
            .layer("RUN touch /data")
            .sized("/data", 12_000_000)
            .layer("RUN install tool")
            .sized("/opt/tool/a", 1_000_000)
            .sized("/opt/tool/b", 500_000)
            .image();
    assertThat(image()).growsAtMost("0%", before);
    assertThat(leaked).growsAtMost("5%", before);
    assertThat(FailureTexts.of(() -> assertThat(leaked).growsAtMost("4.99%", before)))
        .isEqualTo(
            """
            The image my/app:1.2 grew by too much
              measured: 31.5 MB (31500000 bytes), and the baseline has 30.0 MB (30000000 bytes)
                        /opt/tool grew by 1.50 MB (1500000 bytes), from layer 3: RUN install tool
              expected: at most 31.5 MB (31497000 bytes), 4.99 % more than the baseline
              why:      surprise growth is often a build tool or a cache that leaked into the image""");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(leaked).growsAtMost("5", before))
        .withMessageContaining("is no percentage");
  }
}
