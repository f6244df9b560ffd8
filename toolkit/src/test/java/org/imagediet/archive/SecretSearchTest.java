package org.imagediet.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSearchTest {

  private static final String TOKEN = "5f2c9d84b7aa3e016c4d8829e0b1f7735ac61e9d";
  private static final Secret SECRET = new Secret("the token", TOKEN);

  private static List<SecretSearch.Finding> search(TestArchive archive) {
    return SecretSearch.search(new ByteArrayInputStream(archive.bytes()), List.of(SECRET));
  }

  private static List<SecretSearch.Finding> search(byte[] content) {
    return search(TestArchive.legacy(new LayerBytes().file("opt/f", 0644, content).bytes()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] content) {
    return packed(content, GZIPOutputStream::new);
  }

  private static byte[] zip(byte[] content) {
    return packed(
        content,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          zip.putNextEntry(new ZipEntry("other"));
          zip.write(new byte[100_000]);
          zip.putNextEntry(new ZipEntry("inner"));
          return zip;
        });
  }

  private interface Packer {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] packed(byte[] content, Packer packer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = packer.around(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Test
  @DisplayName("finds nothing where there is nothing, also where something looks like it")
  void nothing() {
    String near = TOKEN.substring(1) + "\n" + TOKEN.substring(0, TOKEN.length() - 1);
    assertThat(search(bytes(near))).isEmpty();
  }

  @ParameterizedTest
  @DisplayName(
      "finds it in each archive layout, and says in which layer and file and by which line")
  @EnumSource(TestArchive.Layout.class)
  void layouts(TestArchive.Layout layout) {
    byte[] clean = new LayerBytes().file("etc/motd", "hello").bytes();
    byte[] leak = new LayerBytes().folder("src").file("src/.env", "T=" + TOKEN + "\n").bytes();
    for (TestArchive.Packing packing : TestArchive.Packing.values()) {
      assertThat(
              search(
                  new TestArchive(layout)
                      .packing(packing)
                      .image("test/app:1", "amd64", clean, leak)))
          .containsExactly(
              new SecretSearch.Finding(SECRET, "as it is", "layer 2, /src/.env", "COPY step 1"));
    }
  }

  @Test
  @DisplayName("finds what a later layer deletes")
  void deleted() {
    byte[] leak = new LayerBytes().file("token", TOKEN).bytes();
    byte[] later = new LayerBytes().file(".wh.token", "").bytes();
    assertThat(search(TestArchive.legacy(leak, later)))
        .extracting(SecretSearch.Finding::place)
        .containsExactly("layer 1, /token");
  }

  @Test
  @DisplayName("finds it across the pieces in which a long file is read")
  void pieces() {
    for (int before : List.of(65_510, 65_536, 131_060, 200_000)) {
      assertThat(search(bytes("x".repeat(before) + TOKEN + "y".repeat(before)))).hasSize(1);
    }
  }

  @Test
  @DisplayName("finds it in hexadecimal, and in base64 whatever stands before it")
  void written() {
    String hex = HexFormat.of().formatHex(bytes(TOKEN));
    assertThat(search(bytes("a" + hex + "b")).get(0).how()).isEqualTo("in hexadecimal");
    assertThat(search(bytes(hex.toUpperCase(java.util.Locale.ROOT)))).hasSize(1);
    for (int before = 0; before < 90; before++) {
      byte[] text = bytes("o".repeat(before) + TOKEN + "\nmore");
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getMimeEncoder())) {
        assertThat(search(encoder.encode(text)))
            .as("%d characters before it", before)
            .extracting(SecretSearch.Finding::how)
            .containsExactly("in base64");
      }
    }
  }

  @Test
  @DisplayName("unpacks gzip, zstd and zip, also one in another, and says so")
  void unpacks() {
    // Enough of its own kind around it that no packer leaves it as it is.
    StringBuilder digits = new StringBuilder();
    new Random(7).ints(2000, 0, 16).forEach(i -> digits.append(Integer.toHexString(i)));
    byte[] plain = bytes(digits + TOKEN + digits.reverse());
    assertThat(search(gzip(plain)).get(0).place()).isEqualTo("layer 1, /opt/f, unpacked");
    assertThat(search(Zstd.compress(plain)).get(0).place()).isEqualTo("layer 1, /opt/f, unpacked");
    assertThat(search(zip(plain)).get(0).place()).isEqualTo("layer 1, /opt/f, in it inner");
    assertThat(search(gzip(zip(plain))).get(0).place())
        .isEqualTo("layer 1, /opt/f, unpacked, in it inner");
    byte[] members = new byte[2 * gzip(plain).length];
    System.arraycopy(gzip(bytes("first")), 0, members, 0, gzip(bytes("first")).length);
    System.arraycopy(gzip(plain), 0, members, gzip(bytes("first")).length, gzip(plain).length);
    assertThat(search(members)).hasSize(1);
  }

  @ParameterizedTest
  @DisplayName("looks at the bytes of what only seems to be packed, and at all that comes after it")
  @ValueSource(strings = {"\u001f\u008b", "PK\u0003\u0004", "(\u00b5/\u00fd"})
  void seemsPacked(String magic) {
    byte[] fake = (magic + "no such thing " + TOKEN).getBytes(StandardCharsets.ISO_8859_1);
    byte[] layer = new LayerBytes().file("a", 0644, fake).file("b", "T=" + TOKEN).bytes();
    assertThat(search(TestArchive.legacy(layer)))
        .extracting(SecretSearch.Finding::place)
        .containsExactly("layer 1, /a", "layer 1, /b");
  }

  @Test
  @DisplayName("finds it in the name of a file and in the target of a link")
  void names() {
    assertThat(search(TestArchive.legacy(new LayerBytes().file("d/" + TOKEN, "").bytes())))
        .hasSize(1);
    assertThat(search(TestArchive.legacy(new LayerBytes().symlink("link", TOKEN).bytes())))
        .hasSize(1);
  }

  @Test
  @DisplayName("finds it in variables, labels, history and the rest of the configuration")
  void configuration() {
    byte[] layer = new LayerBytes().file("a", "b").bytes();
    ObjectNode variable = new ObjectMapper().createObjectNode();
    variable.putArray("Env").add("PATH=/bin").add("TOKEN=" + TOKEN);
    ObjectNode label = new ObjectMapper().createObjectNode();
    label.putObject("Labels").put("note", "it is " + TOKEN);
    ObjectNode command = new ObjectMapper().createObjectNode();
    command.putArray("Cmd").add("--token=" + TOKEN);
    ObjectNode nothing = new ObjectMapper().createObjectNode();
    assertThat(places(new TestArchive(TestArchive.Layout.BOTH), variable, layer))
        .containsExactly("an environment variable");
    assertThat(places(new TestArchive(TestArchive.Layout.LEGACY), label, layer))
        .containsExactly("a label");
    assertThat(places(new TestArchive(TestArchive.Layout.OCI), command, layer))
        .containsExactly("the configuration");
    assertThat(
            places(
                new TestArchive(TestArchive.Layout.LEGACY).step("ARG T=" + TOKEN), nothing, layer))
        .containsExactly("a history entry");
  }

  private static List<String> places(TestArchive archive, ObjectNode settings, byte[] layer) {
    return search(archive.image("test/app:1", "amd64", settings, layer)).stream()
        .map(SecretSearch.Finding::place)
        .toList();
  }

  @Test
  @DisplayName("gives up on a bomb, and looks at the rest all the same")
  void bomb() {
    byte[] bomb =
        packed(
            new byte[0],
            out -> {
              GZIPOutputStream gzip = new GZIPOutputStream(out);
              byte[] zeros = new byte[1 << 20];
              for (int i = 0; i < 520; i++) {
                gzip.write(zeros);
              }
              gzip.write(bytes(TOKEN));
              return gzip;
            });
    byte[] layer = new LayerBytes().file("bomb.gz", 0644, bomb).file("then", "T=" + TOKEN).bytes();
    assertThat(search(TestArchive.legacy(layer)))
        .extracting(SecretSearch.Finding::place)
        .containsExactly("layer 1, /then");
  }

  @Test
  @DisplayName("refuses an archive that lacks a layer, since nobody has looked at that one")
  void absentLayer() {
    TestArchive archive = TestArchive.legacy(new LayerBytes().file("a", "b").bytes());
    assertThatThrownBy(() -> search(archive.without(".*layer.tar")))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("lacks the layer");
  }

  @Test
  @DisplayName("refuses an archive that ends too early, since half of it proves nothing")
  void truncated() {
    byte[] whole =
        TestArchive.legacy(new LayerBytes().file("a", 0644, new byte[4000]).bytes()).bytes();
    byte[] half = java.util.Arrays.copyOf(whole, 2000);
    assertThatThrownBy(() -> SecretSearch.search(new ByteArrayInputStream(half), List.of(SECRET)))
        .isInstanceOf(ArchiveException.class);
  }

  @Test
  @DisplayName("takes no secret that is too short to be told from other text")
  void shortSecret() {
    assertThatThrownBy(() -> new Secret("it", "short"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
