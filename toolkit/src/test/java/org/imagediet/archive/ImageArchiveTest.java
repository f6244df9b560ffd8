package org.imagediet.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.imagediet.archive.TestArchive.Layout;
import org.imagediet.archive.TestArchive.Packing;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImageArchiveTest {

  @TempDir Path folder;

  private static Stream<Arguments> formats() {
    return Stream.of(Layout.values())
        .flatMap(
            layout -> Stream.of(Packing.values()).map(packing -> Arguments.of(layout, packing)));
  }

  @ParameterizedTest
  @DisplayName("reads every layout and packing alike, from a stream, a file and a compressed file")
  @MethodSource("formats")
  void formats(Layout layout, Packing packing) throws IOException {
    byte[] lower =
        new LayerBytes().file("etc/passwd", "root:x:0:0::/:\nme:x:65532:7::/:\n").bytes();
    byte[] upper = new LayerBytes().file("app", 0755, new byte[1000]).bytes();
    TestArchive archive =
        new TestArchive(layout)
            .packing(packing)
            .image(
                "test/app:1",
                "amd64",
                new ObjectMapper().createObjectNode().put("User", "me"),
                lower,
                upper);
    ReadOptions options = ReadOptions.defaults().transferSizes(TransferSizes.none());
    Path plain = Files.write(folder.resolve("image.tar"), archive.bytes());
    Path gzip = Files.write(folder.resolve("image.tar.gz"), TestArchive.gzip(archive.bytes()));
    for (ContainerImage image :
        new ContainerImage[] {
          archive.read(options),
          ImageArchive.read(plain, options),
          ImageArchive.read(gzip, options),
        }) {
      assertThat(image.name()).isEqualTo("test/app:1");
      assertThat(image.config().platform()).isEqualTo("linux/amd64");
      assertThat(image.layers()).hasSize(2);
      assertThat(image.layers().get(1).instruction()).isEqualTo("COPY step 1");
      assertThat(image.layers().get(0).diffId()).isEqualTo("sha256:" + TestArchive.sha256(lower));
      assertThat(image.sizes().unpackedBytes()).isEqualTo(1032);
      assertThat(image.sizes().rootfsBytes()).isEqualTo(1032);
      assertThat(image.sizes().transferBytes()).isPresent();
      assertThat(image.users().resolve(image.config().user()).uid()).contains(65532L);
      assertThat(image.users().resolve(image.config().user()).gid()).contains(7L);
    }
  }

  @Test
  @DisplayName("gives a plain and a gzip layer the same transfer size")
  void transferSize() throws IOException {
    byte[] layer = new LayerBytes().file("a", "text ".repeat(10_000)).bytes();
    ReadOptions options = ReadOptions.defaults().transferSizes(TransferSizes.none());
    long plain = TestArchive.legacy(layer).read(options).sizes().transferBytes().orElseThrow();
    long packed =
        new TestArchive(Layout.OCI)
            .packing(Packing.GZIP)
            .image("a:1", "amd64", layer)
            .read(options)
            .sizes()
            .transferBytes()
            .orElseThrow();
    assertThat(plain).isEqualTo(packed);
  }

  @Test
  @DisplayName("remembers transfer sizes by diff id, and survives a damaged memory")
  void sizeCache() throws IOException {
    Path file = folder.resolve("cache/sizes.json");
    byte[] layer = new LayerBytes().file("a", "text").bytes();
    TestArchive archive = TestArchive.legacy(layer);
    long first =
        archive
            .read(ReadOptions.defaults().transferSizes(TransferSizes.in(file)))
            .sizes()
            .transferBytes()
            .orElseThrow();
    String diffId = "sha256:" + TestArchive.sha256(layer);
    assertThat(TransferSizes.in(file).find(diffId)).hasValue(first);
    Files.writeString(file, "{broken");
    assertThat(TransferSizes.in(file).find(diffId)).isEmpty();
  }

  @Test
  @DisplayName("takes a compressed size from the cache without compressing again")
  void knownSize() {
    byte[] layer = new LayerBytes().file("a", "text").bytes();
    String diffId = "sha256:" + TestArchive.sha256(layer);
    TransferSizes cache = TransferSizes.none();
    cache.remember(diffId, 7);
    ReadOptions options =
        ReadOptions.defaults().transferSizes(cache).expecting(java.util.List.of(diffId));
    assertThat(TestArchive.legacy(layer).read(options).sizes().transferBytes()).hasValue(7);
  }

  @Test
  @DisplayName("hides what a later layer deletes, and what lies below an opaque folder")
  void whiteouts() {
    byte[] lower =
        new LayerBytes().file("a/one", "1").file("a/two", "22").file("b/three", "333").bytes();
    byte[] upper =
        new LayerBytes()
            .file("a/.wh.one", "")
            .file("b/.wh..wh..opq", "")
            .file("b/four", "4444")
            .bytes();
    ContainerImage image = TestArchive.legacy(lower, upper).read();
    assertThat(image.files().get("/a/one")).isEmpty();
    assertThat(image.files().get("/a/two")).isPresent();
    assertThat(image.files().get("/b/three")).isEmpty();
    assertThat(image.files().get("/b/four")).isPresent();
    assertThat(image.sizes().unpackedBytes()).isEqualTo(10);
    assertThat(image.sizes().rootfsBytes()).isEqualTo(6);
    assertThat(image.waste().bytes()).isEqualTo(4);
  }

  @Test
  @DisplayName("lets a whiteout hide lower layers only, never its own")
  void whiteoutOfOwnLayer() {
    byte[] layer = new LayerBytes().file("a", "new").file(".wh.a", "").bytes();
    assertThat(TestArchive.legacy(layer).read().files().get("/a")).isPresent();
  }

  @Test
  @DisplayName("follows linked folders inside the image, as an engine does when it unpacks")
  void symlinkedParents() {
    byte[] lower =
        new LayerBytes().folder("usr/bin").symlink("bin", "usr/bin").file("bin/sh", "x").bytes();
    byte[] upper = new LayerBytes().file("bin/.wh.sh", "").file("bin/env", "y").bytes();
    ContainerImage image = TestArchive.legacy(lower, upper).read();
    assertThat(image.files().get("/usr/bin/sh")).isEmpty();
    assertThat(image.files().get("/usr/bin/env")).isPresent();
    assertThat(image.files().get("/bin/env").map(FileEntry::path)).contains("/usr/bin/env");
  }

  @Test
  @DisplayName("counts a file with two names once, and still when the first name is gone")
  void hardLinks() {
    byte[] lower = new LayerBytes().file("a", "12345").hardLink("b", "a").bytes();
    ContainerImage both = TestArchive.legacy(lower).read();
    assertThat(both.sizes().unpackedBytes()).isEqualTo(5);
    assertThat(both.sizes().rootfsBytes()).isEqualTo(5);
    assertThat(both.files().get("/b").map(FileEntry::size)).contains(5L);
    byte[] upper = new LayerBytes().file(".wh.a", "").bytes();
    ContainerImage one = TestArchive.legacy(lower, upper).read();
    assertThat(one.files().get("/a")).isEmpty();
    assertThat(one.sizes().rootfsBytes()).isEqualTo(5);
    assertThat(one.waste().bytes()).isZero();
  }

  @Test
  @DisplayName("reads long names, large owners, modes and capabilities, POSIX's and GNU's way")
  void headers() {
    String name = "deep/".repeat(60) + "file";
    for (LayerBytes layer : new LayerBytes[] {new LayerBytes(), new LayerBytes().gnu()}) {
      byte[] bytes =
          layer
              .file(name, 04755, new byte[3])
              .owned("mine", 4_000_000_000L, 3_000_000_000L)
              .capable("ping")
              .bytes();
      ContainerImage image = TestArchive.legacy(bytes).read();
      FileEntry file = image.files().get("/" + name).orElseThrow();
      assertThat(file.modeText()).isEqualTo("-rwsr-xr-x");
      FileEntry mine = image.files().get("/mine").orElseThrow();
      assertThat(mine.uid()).isEqualTo(4_000_000_000L);
      assertThat(mine.gid()).isEqualTo(3_000_000_000L);
      assertThat(image.setuid())
          .extracting(FileEntry::path)
          .containsExactlyInAnyOrder("/" + name, "/ping");
    }
  }

  @Test
  @DisplayName("lets the last of two entries of one name win, and counts the other as waste")
  void duplicates() {
    byte[] layer = new LayerBytes().file("a", "first").file("a", "2nd").bytes();
    ContainerImage image = TestArchive.legacy(layer).read();
    assertThat(image.files().get("/a").map(FileEntry::size)).contains(3L);
    assertThat(image.sizes().unpackedBytes()).isEqualTo(8);
    assertThat(image.sizes().rootfsBytes()).isEqualTo(3);
    assertThat(image.waste().bytes()).isEqualTo(5);
  }

  @Test
  @DisplayName("takes an absolute name for one inside the image")
  void absoluteNames() {
    byte[] layer = new LayerBytes().file("/etc/shadow-of-the-lab", "x").bytes();
    assertThat(TestArchive.legacy(layer).read().files().get("/etc/shadow-of-the-lab")).isPresent();
  }

  @Test
  @DisplayName("keeps names that are no UTF-8 apart")
  void oddNames() {
    byte[] layer =
        new LayerBytes().file("n\u00e4me", "x").file("AAAA", "y").file("BBBB", "z").bytes();
    patch(layer, "AAAA", new byte[] {'A', (byte) 0xff, (byte) 0xfe, 'A'});
    patch(layer, "BBBB", new byte[] {'A', (byte) 0xfe, (byte) 0xff, 'A'});
    ContainerImage image = TestArchive.legacy(layer).read();
    assertThat(image.files().regularFiles()).isEqualTo(3);
    assertThat(image.files().get("/n\u00e4me")).isPresent();
  }

  /** Writes another name of the same length into a header, and the right sum. */
  static void patch(byte[] tar, String name, byte[] other) {
    for (int at = 0; at + 512 <= tar.length; at += 512) {
      if (new String(tar, at, name.length(), java.nio.charset.StandardCharsets.ISO_8859_1)
          .equals(name)) {
        System.arraycopy(other, 0, tar, at, other.length);
        int sum = 0;
        for (int i = 0; i < 512; i++) {
          sum += i >= 148 && i < 156 ? ' ' : tar[at + i] & 0xff;
        }
        byte[] digits =
            "%06o\0 ".formatted(sum).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, tar, at + 148, 8);
      }
    }
  }

  @Test
  @DisplayName("chooses this machine's platform and skips attestations and absent ones")
  void platforms() {
    byte[] amd = new LayerBytes().file("amd64", "x").bytes();
    byte[] arm = new LayerBytes().file("arm64", "x").bytes();
    for (Layout layout : new Layout[] {Layout.BOTH, Layout.OCI}) {
      TestArchive archive =
          new TestArchive(layout)
              .attestation()
              .image("test/app:1", "amd64", amd)
              .image("test/app:1", "arm64", arm)
              .absentPlatform("riscv64");
      assertThat(archive.read(ReadOptions.defaults().platform("linux/arm64")).files().get("/arm64"))
          .isPresent();
      String ours = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
      assertThat(archive.read().files().get("/" + ours)).isPresent();
    }
  }

  @Test
  @DisplayName("takes the one image that is there when its platform is another machine's")
  void foreignPlatform() {
    TestArchive archive =
        new TestArchive(Layout.OCI)
            .absentPlatform("amd64")
            .image("test/app:1", "s390x", new LayerBytes().file("a", "x").bytes());
    assertThat(archive.read().config().platform()).isEqualTo("linux/s390x");
  }

  @Test
  @DisplayName("finds an image by name, with its tag or without")
  void names() {
    TestArchive archive =
        new TestArchive(Layout.LEGACY)
            .image("app:latest", "amd64", new LayerBytes().file("one", "x").bytes())
            .image("app:2", "amd64", new LayerBytes().file("two", "x").bytes());
    assertThat(archive.read(ReadOptions.defaults().name("app")).files().get("/one")).isPresent();
    assertThat(archive.read(ReadOptions.defaults().name("app:2")).files().get("/two")).isPresent();
    assertThatThrownBy(archive::read)
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("several images; name one of app:latest, app:2");
    assertThatThrownBy(() -> archive.read(ReadOptions.defaults().name("app:3")))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("holds no image app:3; it holds app:latest, app:2");
  }

  @Test
  @DisplayName("reads a layer that an older engine wrote as a link to another")
  void linkedLayers() throws IOException {
    byte[] layer = new LayerBytes().file("a", "x").bytes();
    TestArchive archive = TestArchive.legacy(layer, layer);
    List<String> layers =
        archive.names().stream().filter(name -> name.endsWith("/layer.tar")).toList();
    byte[] linked = archive.link(layers.get(1), "../" + layers.get(0)).bytes();
    for (ContainerImage image :
        new ContainerImage[] {
          ImageArchive.read(new ByteArrayInputStream(linked), ReadOptions.defaults()),
          ImageArchive.read(
              Files.write(folder.resolve("linked.tar"), linked), ReadOptions.defaults()),
        }) {
      assertThat(image.layers()).hasSize(2);
      assertThat(image.waste().bytes()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("reads a gzip layer of many members, as seekable layers are")
  void manyMembers() throws IOException {
    byte[] layer = new LayerBytes().file("a", "text ".repeat(60_000)).file("b", "end").bytes();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (int at = 0; at < layer.length; at += 100) {
      packed.write(
          TestArchive.gzip(Arrays.copyOfRange(layer, at, Math.min(at + 100, layer.length))));
    }
    TestArchive archive = TestArchive.legacy(layer);
    byte[] bytes = archive.with(archive.names().get(0), packed.toByteArray()).bytes();
    ContainerImage image =
        ImageArchive.read(
            Files.write(folder.resolve("members.tar"), bytes), ReadOptions.defaults());
    assertThat(image.files().get("/b")).isPresent();
  }

  @Test
  @DisplayName("tells the platforms of an archive apart by their variants")
  void variants() {
    TestArchive archive =
        new TestArchive(Layout.OCI)
            .image("a:1", "arm/v6", new LayerBytes().file("six", "x").bytes())
            .image("a:1", "arm/v7", new LayerBytes().file("seven", "x").bytes());
    assertThat(archive.read(ReadOptions.defaults().platform("linux/arm/v7")).files().get("/seven"))
        .isPresent();
    assertThatThrownBy(() -> archive.read(ReadOptions.defaults().platform("linux/arm")))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("several platforms; name one of linux/arm/v6, linux/arm/v7");
  }

  @Test
  @DisplayName("names a file that is none, and a folder")
  void noFile() {
    assertThatThrownBy(() -> ImageArchive.read(folder.resolve("gone.tar"), ReadOptions.defaults()))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("There is no file");
    assertThatThrownBy(() -> ImageArchive.read(folder, ReadOptions.defaults()))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("is a folder");
  }
}
