package org.imagediet.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.imagediet.archive.TestArchive.Layout;
import org.imagediet.archive.TestArchive.Packing;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownLayersTest {

  private static final byte[] BASE = new LayerBytes().file("etc/passwd", "a:x:1:1::/:/b\n").bytes();
  private static final byte[] APP = new LayerBytes().file("app", "#!/bin/one\n").bytes();
  private static final byte[] OTHER_APP = new LayerBytes().file("app", "#!/bin/two\n").bytes();

  private final KnownLayers known = new KnownLayers();

  private ContainerImage read(TestArchive archive, ReadOptions options) {
    return ImageArchive.read(new ByteArrayInputStream(archive.bytes()), options, known);
  }

  private ContainerImage read(byte[]... layers) {
    return read(TestArchive.legacy(layers), ReadOptions.defaults());
  }

  private static Object content(ContainerImage image, String path) {
    return image.files().get(path).flatMap(FileEntry::content).orElseThrow();
  }

  @ParameterizedTest
  @DisplayName("what two images stand on is looked through once")
  @EnumSource(
      value = Layout.class,
      names = {"LEGACY", "BOTH"})
  void base(Layout layout) {
    TestArchive one = new TestArchive(layout).image("test/app:1", "amd64", BASE);
    TestArchive two = new TestArchive(layout).image("test/app:1", "amd64", BASE, APP);
    ContainerImage first = read(one, ReadOptions.defaults());
    ContainerImage second = read(two, ReadOptions.defaults());
    assertThat(content(second, "/etc/passwd")).isSameAs(content(first, "/etc/passwd"));
    assertThat(second).usingRecursiveComparison().isEqualTo(two.read());
  }

  @Test
  @DisplayName("a layer under the name of another one is told apart by its digest, and read anew")
  void changed() {
    read(BASE, APP);
    assertThat(OTHER_APP).hasSameSizeAs(APP);
    assertThatThrownBy(() -> read(BASE, OTHER_APP)).isInstanceOf(ChangedLayerException.class);
    ContainerImage again = read(BASE, OTHER_APP);
    assertThat(again.files().get("/app").flatMap(file -> file.content().orElseThrow().script()))
        .contains("/bin/two");
  }

  @Test
  @DisplayName("a layer of another size is another layer")
  void longer() {
    read(APP);
    byte[] longer = new LayerBytes().file("app", "#!/bin/two\n").file("more", "x").bytes();
    assertThat(read(longer).files().get("/more")).isPresent();
  }

  @Test
  @DisplayName("a compressed layer is read each time")
  void compressed() {
    TestArchive archive =
        new TestArchive(Layout.LEGACY).packing(Packing.GZIP).image("a:1", "amd64", BASE);
    ContainerImage first = read(archive, ReadOptions.defaults());
    assertThat(content(read(archive, ReadOptions.defaults()), "/etc/passwd"))
        .isNotSameAs(content(first, "/etc/passwd"));
  }

  @Test
  @DisplayName("a transfer size that nobody has asked for yet is computed")
  void transferSizes() {
    ReadOptions sizes = ReadOptions.defaults().transferSizes(TransferSizes.none());
    read(BASE);
    assertThat(read(TestArchive.legacy(BASE), sizes).sizes().transferBytes())
        .isPresent()
        .isEqualTo(TestArchive.legacy(BASE).read(sizes).sizes().transferBytes());
  }

  @Test
  @DisplayName("an image's limits hold for what is known too")
  void limits() {
    Limits few = new Limits(1, 1 << 20, 1 << 16, 4096, 1 << 20);
    Limits little = new Limits(100, APP.length + BASE.length - 1, 1 << 16, 4096, 1 << 20);
    read(BASE, APP);
    assertThatThrownBy(
            () -> read(TestArchive.legacy(BASE, APP), ReadOptions.defaults().limits(few)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("more than 1 files");
    assertThatThrownBy(
            () -> read(TestArchive.legacy(BASE, APP), ReadOptions.defaults().limits(little)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("decompression bomb");
  }

  @Test
  @DisplayName("a layer whose trust stores were too many beside others' is not remembered")
  void notWhole() {
    byte[] store = new byte[(4 << 20) - 1];
    System.arraycopy("-----BEGIN CERTIFICATE-----\n".getBytes(), 0, store, 0, 28);
    LayerBytes many = new LayerBytes();
    for (int i = 0; i < 4; i++) {
      many.file("many" + i + ".pem", new String(store, java.nio.charset.StandardCharsets.US_ASCII));
    }
    byte[] last =
        new LayerBytes()
            .file("last.pem", "-----BEGIN CERTIFICATE-----\n" + "x".repeat(1 << 16))
            .bytes();
    ContainerImage crowded = read(many.bytes(), last);
    assertThat(crowded.files().get("/last.pem").orElseThrow().content()).isEmpty();
    TestArchive alone = new TestArchive(Layout.LEGACY).image("test/app:1", "amd64", BASE, last);
    assertThat(content(read(alone, ReadOptions.defaults()), "/last.pem")).isNotNull();
  }
}
