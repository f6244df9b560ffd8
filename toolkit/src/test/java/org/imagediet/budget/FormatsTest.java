package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.PlantedArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.archive.TransferSizes;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FormatsTest {

  private static PlantedArchive planted() {
    return new PlantedArchive("shop/app:1")
        .layer()
        .zeros("usr/lib/libc.so", 50_000)
        .text("var/lib/dpkg/status", "Package: libc6\nVersion: 2.41\n")
        .layer()
        .file("app", 70_000)
        .layer()
        .file("usr/lib/libc.so", 20_000)
        .text("usr/lib/.wh.gone", "");
  }

  private static ContainerImage read(byte[] archive, ReadOptions options) {
    return ImageArchive.read(new ByteArrayInputStream(archive), options);
  }

  @Test
  @DisplayName("the same image gives the same baseline and no growth from every engine's archive")
  void same() {
    Budget both = Budget.standard().sizes(Set.of(SizeKind.UNPACKED, SizeKind.TRANSFER));
    Map<String, byte[]> formats = planted().everyFormat();
    assertThat(formats).hasSize(9);
    ReadOptions options = ReadOptions.defaults().comparableTransferSizes(TransferSizes.none());
    Snapshot before =
        Snapshot.of(read(formats.values().iterator().next(), options), Optional.empty());
    String json = Baseline.empty().with("app", before).json();
    formats.forEach(
        (format, archive) -> {
          // Nothing is remembered from one to the next.
          ContainerImage image =
              read(archive, ReadOptions.defaults().comparableTransferSizes(TransferSizes.none()));
          assertThat(Baseline.empty().with("app", Snapshot.of(image, Optional.empty())).json())
              .as(format)
              .isEqualTo(json);
          BudgetVerdict verdict = BudgetVerdict.of("app", before, image, Optional.empty(), both);
          assertThat(verdict.sizes())
              .as(format)
              .hasSize(2)
              .allMatch(size -> size.growth().bytes() == 0);
          assertThat(verdict.blame().culprits()).as(format).isEmpty();
        });
  }

  @Test
  @DisplayName("a layer of the baseline has the baseline's transfer size, whoever compresses now")
  void given() {
    byte[] archive = planted().everyFormat().values().iterator().next();
    ReadOptions options = ReadOptions.defaults().comparableTransferSizes(TransferSizes.none());
    Snapshot before = Snapshot.of(read(archive, options), Optional.empty());
    assertThat(before.transferSizes()).hasSize(3);
    assertThat(before.transferSizes().values().stream().mapToLong(bytes -> bytes).sum())
        .isEqualTo(before.transferBytes().orElseThrow());
    assertThat(before.withoutTransfer().transferSizes()).isEmpty();
  }
}
