package org.imagediet.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.imagediet.archive.TestArchive.Layout;
import org.imagediet.archive.TestArchive.Packing;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileArchiveTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Limits SMALL = new Limits(10_000, 64 << 20, 1 << 16, 4096, 1 << 20);

  @TempDir Path folder;

  /** Reads as a stream and as a file, both in bounded time, and wants the same kind of end. */
  private void refused(byte[] archive, String... words) {
    ReadOptions options = ReadOptions.defaults().limits(SMALL);
    assertTimeoutPreemptively(
        SOON,
        () -> {
          Path file = Files.write(folder.resolve("image.tar"), archive);
          ArchiveException fromStream =
              catchThrowableOfType(
                  ArchiveException.class,
                  () -> ImageArchive.read(new ByteArrayInputStream(archive), options));
          ArchiveException fromFile =
              catchThrowableOfType(ArchiveException.class, () -> ImageArchive.read(file, options));
          assertThat(fromStream).isNotNull().hasMessageContainingAll(words);
          assertThat(fromFile).isNotNull().hasMessageContainingAll(words);
          assertThat(fromFile.getMessage()).doesNotContain("\n").hasSizeLessThan(600).endsWith(".");
        });
  }

  private static byte[] layer() {
    return new LayerBytes().file("a", "x".repeat(5000)).bytes();
  }

  @Test
  @DisplayName("an empty file, noise and text are no image archive")
  void noArchive() {
    refused(new byte[0], "no image archive");
    refused("hello, this is not a tar\n".repeat(100).getBytes(StandardCharsets.UTF_8), "no tar");
    byte[] noise = new byte[5000];
    new java.util.Random(7).nextBytes(noise);
    refused(noise, "no tar");
  }

  @Test
  @DisplayName("a tar of something else is no image archive")
  void someTar() {
    refused(layer(), "neither a manifest.json nor an index.json");
  }

  @Test
  @DisplayName("a truncated archive ends in one sentence, wherever it was cut")
  void truncated() {
    byte[] whole = TestArchive.legacy(layer(), layer()).bytes();
    for (int length = 700; length < whole.length - 1536; length += 1111) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(
              () -> ImageArchive.read(new ByteArrayInputStream(cut), ReadOptions.defaults()))
          .as("cut at %d", length)
          .isInstanceOf(ArchiveException.class);
    }
  }

  @Test
  @DisplayName("a truncated or corrupt compressed layer is named")
  void corruptLayer() throws IOException {
    byte[] packed = TestArchive.gzip(new LayerBytes().file("a", 0644, noise(50_000)).bytes());
    TestArchive archive = TestArchive.legacy(layer());
    String name = archive.names().get(0);
    refused(archive.with(name, Arrays.copyOf(packed, packed.length / 2)).bytes(), "Layer 1");
    byte[] flipped = packed.clone();
    flipped[packed.length / 2] ^= 0x55;
    refused(archive.with(name, flipped).bytes(), "ayer 1");
    byte[] zstd = com.github.luben.zstd.Zstd.compress(layer());
    refused(archive.with(name, Arrays.copyOf(zstd, zstd.length - 9)).bytes(), "Layer 1");
    refused(archive.with(name, noise(5000)).bytes(), "Layer 1");
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new java.util.Random(7).nextBytes(noise);
    return noise;
  }

  @Test
  @DisplayName("a manifest that is missing, broken or contradicts the configuration is named")
  void manifests() {
    TestArchive archive = TestArchive.legacy(layer());
    refused(
        archive.with("manifest.json", "{oops".getBytes(StandardCharsets.UTF_8)).bytes(), "no JSON");
    refused(
        archive.with("manifest.json", "[]".getBytes(StandardCharsets.UTF_8)).bytes(), "no image");
    refused(
        archive
            .with(
                "manifest.json",
                "[{\"Config\":\"gone.json\",\"Layers\":[]}]".getBytes(StandardCharsets.UTF_8))
            .bytes(),
        "lacks the configuration");
    TestArchive lacking = TestArchive.legacy(layer(), layer());
    refused(lacking.without(lacking.names().get(1)).bytes(), "lacks the layer");
    TestArchive fewer = TestArchive.legacy(layer());
    String config =
        fewer.names().stream().filter(n -> n.endsWith(".json")).findFirst().orElseThrow();
    String manifest = "[{\"Config\":\"" + config + "\",\"Layers\":[]}]";
    refused(
        fewer.with("manifest.json", manifest.getBytes(StandardCharsets.UTF_8)).bytes(),
        "contradicts itself");
    refused(
        TestArchive.legacy(layer())
            .with("manifest.json", ("[".repeat(5000)).getBytes(StandardCharsets.UTF_8))
            .bytes(),
        "no JSON");
  }

  @Test
  @DisplayName("a layer or a document that is not what its digest promises is refused")
  void digests() {
    byte[] other = new LayerBytes().file("a", "other").bytes();
    TestArchive legacy = TestArchive.legacy(layer());
    refused(legacy.with(legacy.names().get(0), other).bytes(), "damaged", "layer 1");
    for (Layout layout : new Layout[] {Layout.BOTH, Layout.OCI}) {
      TestArchive blobs =
          new TestArchive(layout).packing(Packing.GZIP).image("a:1", "amd64", layer());
      refused(blobs.with(blobs.names().get(0), other).bytes(), "damaged");
      TestArchive config = new TestArchive(layout).image("a:1", "amd64", layer());
      refused(
          config
              .with(config.names().get(1), "{\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8))
              .bytes(),
          "damaged");
    }
  }

  @Test
  @DisplayName("an absent platform is named with those that are there")
  void absentPlatform() {
    TestArchive archive =
        new TestArchive(Layout.OCI).image("a:1", "amd64", layer()).absentPlatform("arm64");
    assertThatThrownBy(() -> archive.read(ReadOptions.defaults().platform("linux/riscv64")))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("no image for linux/riscv64; it holds linux/amd64");
    refused(
        new TestArchive(Layout.OCI).absentPlatform("arm64").bytes(),
        "linux/arm64",
        "does not hold it");
  }

  @Test
  @DisplayName("a name that leads out of the image is refused")
  void leadingOut() {
    refused(
        TestArchive.legacy(new LayerBytes().file("../../etc/cron.d/x", "x").bytes()).bytes(),
        "Layer 1",
        "'../../etc/cron.d/x'",
        "leads out");
    refused(TestArchive.legacy(layer()).with("../x", new byte[] {1}).bytes(), "leads out");
  }

  @Test
  @DisplayName("links to the host's files lead nowhere, and nothing of the host is read or written")
  void linksToTheHost() throws IOException {
    Path secret =
        Files.writeString(folder.resolve("secret"), "root:x:0:0::/:\nmallory:x:0:0::/:\n");
    byte[] layer =
        new LayerBytes()
            .symlink("etc", folder.toString())
            .symlink("passwd", secret.toString())
            .hardLink("hard", secret.toString())
            .file("etc/planted", "x")
            .bytes();
    ContainerImage image = TestArchive.legacy(layer).read();
    assertThat(image.files().get("/passwd")).isEmpty();
    assertThat(image.files().get("/hard")).isEmpty();
    assertThat(image.users().resolve("mallory").problem()).isNotEmpty();
    assertThat(folder.resolve("planted")).doesNotExist();
  }

  @Test
  @DisplayName("loops of links end")
  void loops() {
    byte[] layer =
        new LayerBytes()
            .symlink("a", "b")
            .symlink("b", "a")
            .symlink("self", "self/self")
            .symlink("up", "../../..")
            .file("a/file", "x")
            .hardLink("h", "h")
            .bytes();
    assertTimeoutPreemptively(
        SOON,
        () -> {
          ContainerImage image = TestArchive.legacy(layer).read();
          assertThat(image.files().get("/a/x")).isEmpty();
          assertThat(image.files().get("/self")).isEmpty();
          assertThat(image.files().get("/up/up/up/h")).isEmpty();
        });
  }

  @Test
  @DisplayName("a decompression bomb is recognised by what comes out of it")
  void bomb() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      byte[] header = Arrays.copyOf(new LayerBytes().file("zero", "").bytes(), 512);
      size(header, 10L << 30);
      out.write(header);
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        out.write(zeros);
      }
    }
    TestArchive archive = TestArchive.legacy(layer());
    refused(
        archive.with(archive.names().get(0), bytes.toByteArray()).bytes(), "decompression bomb");
  }

  /** Writes a size into a header, and the right sum. */
  private static void size(byte[] header, long size) {
    byte[] digits = "%011o\0".formatted(size).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, header, 124, 12);
    ImageArchiveTest.patch(header, "zero", "zero".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  @DisplayName("millions of entries end at a limit that the heap can hold")
  void millionsOfEntries() {
    byte[] one = Arrays.copyOf(new LayerBytes().file("zero", "").bytes(), 512);
    InputStream endless =
        new InputStream() {
          private long at;

          @Override
          public int read() {
            return one[(int) (at++ % 512)];
          }

          @Override
          public int read(byte[] target, int from, int length) {
            for (int i = 0; i < length; i++) {
              target[from + i] = one[(int) (at++ % 512)];
            }
            return length;
          }
        };
    LayerScanner scanner = new LayerScanner(new Limits(100_000, 1L << 40, 1 << 16, 4096, 1 << 20));
    assertTimeoutPreemptively(
        SOON,
        () ->
            assertThatThrownBy(() -> scanner.scan(endless, Long.MAX_VALUE, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 100000 files"));
  }

  @Test
  @DisplayName("a name or an extended header of megabytes is refused before it is read")
  void giantHeaders() {
    byte[] pax =
        new LayerBytes().pax("a", Map.of("comment", "x".repeat(200_000)), new byte[1]).bytes();
    refused(TestArchive.legacy(pax).bytes(), "Layer 1", "extended header", "the limit is 65536");
    byte[] gnu = new LayerBytes().rawLongName("n/".repeat(100_000), new byte[1]).bytes();
    refused(TestArchive.legacy(gnu).bytes(), "Layer 1", "the limit is 65536");
  }

  @Test
  @DisplayName("impossible numbers and unknown entries are refused")
  void impossible() {
    byte[] huge = new LayerBytes().file("zero", "").bytes();
    Arrays.fill(huge, 124, 136, (byte) 0xff);
    ImageArchiveTest.patch(huge, "zero", "zero".getBytes(StandardCharsets.US_ASCII));
    refused(TestArchive.legacy(huge).bytes(), "Layer 1", "number");
    byte[] headers = Arrays.copyOf(new LayerBytes().file("zero", "").bytes(), 512 * 40);
    headers[156] = 'x';
    ImageArchiveTest.patch(headers, "zero", "zero".getBytes(StandardCharsets.US_ASCII));
    for (int at = 512; at < headers.length; at += 512) {
      System.arraycopy(headers, 0, headers, at, 512);
    }
    refused(TestArchive.legacy(headers).bytes(), "Layer 1", "more than 20 headers");
    byte[] strange = new LayerBytes().file("zero", "").bytes();
    strange[156] = 'Z';
    ImageArchiveTest.patch(strange, "zero", "zero".getBytes(StandardCharsets.US_ASCII));
    refused(TestArchive.legacy(strange).bytes(), "Layer 1", "unknown type");
  }

  @Test
  @DisplayName("a document of many megabytes is refused by its size")
  void giantDocument() {
    byte[] large = ("[\"" + "x".repeat(2 << 20) + "\"]").getBytes(StandardCharsets.UTF_8);
    refused(
        TestArchive.legacy(layer()).with("manifest.json", large).bytes(), "the limit is 1048576");
  }

  @Test
  @DisplayName("a key store, an ELF file and a user list that are broken only count for nothing")
  void brokenContents() {
    byte[] elf = noise(4096);
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, elf, 0, 7);
    byte[] layer =
        new LayerBytes()
            .file("bin/app", 0755, elf)
            .file("etc/passwd", 0644, noise(10_000))
            .file("etc/ssl/certs/ca-certificates.crt", 0644, noise(10_000))
            .file(
                "etc/ssl/certs/java/cacerts",
                0644,
                new byte[] {(byte) 0xfe, (byte) 0xed, (byte) 0xfe, (byte) 0xed, 0, 0})
            .file("var/lib/dpkg/status", 0644, noise(10_000))
            .bytes();
    ContainerImage image = TestArchive.legacy(layer).read();
    assertThat(image.elf("/bin/app")).isEmpty();
    assertThat(image.trustStores()).hasSize(2).allMatch(store -> store.roots() == 0);
    assertThat(image.packages()).isEmpty();
    assertThat(image.users().resolve("root").problem()).isNotEmpty();
  }

  @Test
  @DisplayName("an archive of 700 MB is read with 256 MB of heap")
  void largeArchive() throws Exception {
    Path file = folder.resolve("large.tar");
    LargeArchive.write(file, 700L << 20);
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                LargeArchive.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    assertThat(output).startsWith("files 20002 bytes " + (LargeArchive.fileBytes(700L << 20)));
    Files.delete(file);
  }
}
