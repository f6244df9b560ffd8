package org.imagediet.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.imagediet.archive.TestArchive.Layout;
import org.imagediet.archive.TestArchive.Packing;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransferSizesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @DisplayName("takes a damaged file for an empty one, and writes a good one over it")
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{",
        "{\"a\":null}",
        "{\"a\":\"x\"}",
        "{\"a\":-5}",
        "{\"a\":1e99}"
      })
  void damaged(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("sizes.json"), content);
    TransferSizes sizes = TransferSizes.in(file);
    assertThat(sizes.find("a")).isEmpty();
    sizes.remember("b", 12);
    assertThat(TransferSizes.in(file).find("b")).hasValue(12);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  @DisplayName("is only slow where nothing can be written")
  void unwritable() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x").resolve("sizes.json");
    TransferSizes sizes = TransferSizes.in(file);
    sizes.remember("a", 1);
    assertThat(sizes.find("a")).hasValue(1);
  }

  @Test
  @DisplayName("remembers only what was computed here, not how others compressed a layer")
  void othersCompression() {
    byte[] layer = new LayerBytes().file("a", "text ".repeat(1000)).bytes();
    TransferSizes cache = TransferSizes.none();
    ReadOptions options = ReadOptions.defaults().transferSizes(cache);
    TestArchive packed =
        new TestArchive(Layout.OCI).packing(Packing.ZSTD).image("a:1", "amd64", layer);
    assertThat(packed.read(options).sizes().transferBytes()).isPresent();
    String diffId = "sha256:" + TestArchive.sha256(layer);
    assertThat(cache.find(diffId)).isEmpty();
    long plain = TestArchive.legacy(layer).read(options).sizes().transferBytes().orElseThrow();
    assertThat(cache.find(diffId)).hasValue(plain);
    assertThat(cache.of(TestArchive.legacy(layer).read(ReadOptions.defaults()))).hasValue(plain);
    assertThat(cache.of(packed.read(ReadOptions.defaults()))).isEmpty();
    cache.remember(diffId, plain + 1);
    assertThat(
            packed.read(options.expecting(List.of(diffId))).sizes().transferBytes().orElseThrow())
        .isLessThan(plain);
  }

  @Test
  @DisplayName("knows an image by all of its layers, and not by some")
  void wholeImage() {
    byte[] one = new LayerBytes().file("a", "one").bytes();
    byte[] two = new LayerBytes().file("b", "two").bytes();
    ContainerImage image = TestArchive.legacy(one, two, one).read(ReadOptions.defaults());
    TransferSizes sizes = TransferSizes.none();
    sizes.remember("sha256:" + TestArchive.sha256(one), 5);
    assertThat(sizes.of(image)).isEmpty();
    sizes.remember("sha256:" + TestArchive.sha256(two), 7);
    assertThat(sizes.of(image)).hasValue(17);
  }

  @ParameterizedTest
  @DisplayName("are comparable when computed here, whoever compressed the layers")
  @EnumSource(Packing.class)
  void comparable(Packing packing) throws IOException {
    byte[] layer = new LayerBytes().file("a", "text ".repeat(1000)).bytes();
    long expected =
        TestArchive.legacy(layer)
            .read(ReadOptions.defaults().transferSizes(TransferSizes.none()))
            .sizes()
            .transferBytes()
            .orElseThrow();
    TransferSizes cache = TransferSizes.none();
    ReadOptions options = ReadOptions.defaults().comparableTransferSizes(cache);
    for (Layout layout : Layout.values()) {
      TestArchive archive = new TestArchive(layout).packing(packing).image("a:1", "amd64", layer);
      assertThat(archive.read(options).sizes().transferBytes()).hasValue(expected);
      Path file = Files.write(folder.resolve("image.tar"), archive.bytes());
      assertThat(ImageArchive.read(file, options).sizes().transferBytes()).hasValue(expected);
    }
    assertThat(cache.find("sha256:" + TestArchive.sha256(layer))).hasValue(expected);
  }

  @Test
  @DisplayName("that are given are believed, and never written down")
  void given() throws IOException {
    byte[] layer = new LayerBytes().file("a", "text ".repeat(1000)).bytes();
    String diffId = "sha256:" + TestArchive.sha256(layer);
    Path cache = folder.resolve("sizes.json");
    ReadOptions options =
        ReadOptions.defaults()
            .comparableTransferSizes(TransferSizes.in(cache, Map.of(diffId, 4711L)));
    for (Packing packing : Packing.values()) {
      TestArchive archive =
          new TestArchive(Layout.BOTH).packing(packing).image("a:1", "amd64", layer);
      assertThat(archive.read(options).sizes().transferBytes()).hasValue(4711);
      Path file = Files.write(folder.resolve("image.tar"), archive.bytes());
      assertThat(ImageArchive.read(file, options).sizes().transferBytes()).hasValue(4711);
    }
    assertThat(cache).doesNotExist();
    assertThat(TransferSizes.in(cache).find(diffId)).isEmpty();
  }
}
