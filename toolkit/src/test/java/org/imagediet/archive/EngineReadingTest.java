package org.imagediet.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.ElfBytes;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.Finding;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Archives that two readers could read differently: what the engines unpack must be what we see, or
 * a shell could hide between the two. The engines' reader is Go's {@code archive/tar}.
 */
class EngineReadingTest {

  private static final byte[] SHELL =
      ElfBytes.program().texts("BusyBox v1.37.0", "multi-call binary").bytes();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String shellAt(byte[] layer) {
    return TestArchive.legacy(layer).read().shells().stream()
        .map(Finding::path)
        .findFirst()
        .orElse("");
  }

  @Test
  @DisplayName("links, folders and devices carry no content, whatever size they claim")
  void sizeOfLinks() {
    byte[] shell = new RawTar().entry("sh", '0', SHELL.length, SHELL).bytes();
    for (char type : new char[] {'1', '2', '3', '4', '5', '6'}) {
      byte[] layer =
          new RawTar().entry("decoy", type, shell.length, new byte[0]).raw(shell).bytes();
      assertThat(shellAt(layer)).as("type %s", type).isEqualTo("/sh");
    }
  }

  @Test
  @DisplayName("a file is a file although its name ends in a slash; only the oldest kind is not")
  void trailingSlash() {
    assertThat(shellAt(new RawTar().entry("sh/", '0', SHELL.length, SHELL).bytes()))
        .isEqualTo("/sh");
    ContainerImage old =
        TestArchive.legacy(
                new RawTar()
                    .entry("d/", '\0', 0, new byte[0])
                    .entry("d/f", '\0', 1, bytes("x"))
                    .bytes())
            .read();
    assertThat(old.files().get("/d").map(FileEntry::type)).contains(FileType.DIRECTORY);
    assertThat(old.files().get("/d/f")).isPresent();
  }

  @Test
  @DisplayName("an empty field of an extended header leaves what the header says")
  void emptyField() {
    byte[] layer =
        new RawTar()
            .pax(record("path", ""), record("linkpath", ""))
            .entry("sh", '0', SHELL.length, SHELL)
            .bytes();
    assertThat(shellAt(layer)).isEqualTo("/sh");
  }

  @Test
  @DisplayName("GNU's long name wins over POSIX's, and the last extended header over others")
  void namesTwice() {
    byte[] both =
        new RawTar()
            .entry("././@LongLink", 'L', 4, bytes("gnu\0"))
            .pax("14 path=posix\n")
            .entry("short", '0', SHELL.length, SHELL)
            .bytes();
    assertThat(shellAt(both)).isEqualTo("/gnu");
    byte[] twice =
        new RawTar()
            .pax("14 path=first\n")
            .pax("9 uid=77\n")
            .entry("short", '0', SHELL.length, SHELL)
            .bytes();
    assertThat(shellAt(twice)).isEqualTo("/short");
  }

  @Test
  @DisplayName("a global header renames nothing")
  void globalHeader() {
    byte[] record = bytes("14 path=decoy\n");
    byte[] layer =
        new RawTar()
            .entry("pax_global_header", 'g', record.length, record)
            .entry("sh", '0', SHELL.length, SHELL)
            .bytes();
    assertThat(shellAt(layer)).isEqualTo("/sh");
  }

  @Test
  @DisplayName("a name with a zero in it is refused")
  void zeroInName() {
    byte[] layer = new RawTar().pax("12 path=s\0h\n").entry("x", '0', SHELL.length, SHELL).bytes();
    assertThatThrownBy(() -> TestArchive.legacy(layer).read())
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("damaged extended header");
  }

  @Test
  @DisplayName("the content of a sparse file is put together from its pieces, in all three forms")
  void sparse() {
    byte[] first = Arrays.copyOf(SHELL, 1024);
    byte[] rest = Arrays.copyOfRange(SHELL, 1024, SHELL.length);
    byte[] stored = concat(first, rest);
    long hole = 1 << 20;
    long size = hole + rest.length;
    String map = "0,1024," + hole + "," + rest.length;
    RawTar posix01 =
        new RawTar()
            .pax(
                record("GNU.sparse.size", Long.toString(size)),
                record("GNU.sparse.name", "sparse"),
                record("GNU.sparse.map", map))
            .entry("GNUSparseFile.1/sparse", '0', stored.length, stored);
    byte[] front = Arrays.copyOf(bytes("2\n" + map.replace(',', '\n') + "\n"), 512);
    RawTar posix10 =
        new RawTar()
            .pax(
                record("GNU.sparse.major", "1"),
                record("GNU.sparse.minor", "0"),
                record("GNU.sparse.name", "sparse"),
                record("GNU.sparse.realsize", Long.toString(size)))
            .entry("GNUSparseFile.1/sparse", '0', 512 + stored.length, concat(front, stored));
    RawTar gnu =
        new RawTar().sparse("sparse", size, List.of(0L, 1024L, hole, (long) rest.length), stored);
    for (RawTar tar : List.of(posix01, posix10, gnu)) {
      ContainerImage image =
          TestArchive.legacy(tar.entry("next", '0', 1, bytes("n")).bytes()).read();
      assertThat(image.files().get("/sparse").map(FileEntry::size)).contains(size);
      assertThat(image.files().get("/next")).isPresent();
      assertThat(image.sizes().unpackedBytes()).isEqualTo(size + 1);
      // The banner lies in the second piece.
      assertThat(image.shells()).extracting(Finding::path).containsExactly("/sparse");
    }
  }

  @Test
  @DisplayName("a sparse file whose map does not fit it, or that claims exabytes, is refused")
  void damagedSparse() {
    for (String map : List.of("0,9999", "512,4,0,4", "0,4,4", "0,x")) {
      byte[] layer =
          new RawTar()
              .pax(record("GNU.sparse.size", "100"), record("GNU.sparse.map", map))
              .entry("s", '0', 8, new byte[8])
              .bytes();
      assertThatThrownBy(() -> TestArchive.legacy(layer).read())
          .as(map)
          .isInstanceOf(ArchiveException.class)
          .hasMessageContaining("damaged");
    }
    byte[] huge =
        new RawTar()
            .pax(record("GNU.sparse.size", "99999999999999999"), record("GNU.sparse.map", "0,8"))
            .entry("s", '0', 8, new byte[8])
            .bytes();
    assertThatThrownBy(() -> TestArchive.legacy(huge).read())
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("unpacks to more than");
  }

  @Test
  @DisplayName("a name longer than Linux takes and a path of hundreds of folders are refused")
  void longNames() {
    byte[] longName = new LayerBytes().file("n".repeat(5000), "x").bytes();
    assertThatThrownBy(() -> TestArchive.legacy(longName).read())
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("name of 5000 characters; the limit is 4096");
    byte[] deep = new LayerBytes().file("d/".repeat(400) + "f", "x").bytes();
    assertThatThrownBy(() -> TestArchive.legacy(deep).read())
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("path of 401 folders");
    byte[] target = new LayerBytes().symlink("l", "t/".repeat(4000)).bytes();
    assertThatThrownBy(() -> TestArchive.legacy(target).read())
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("name of 8000 characters");
  }

  private static String record(String key, String value) {
    int length = key.length() + value.length() + 3;
    int digits = Integer.toString(length + 2).length();
    return (length + digits) + " " + key + "=" + value + "\n";
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A tar written header by header, as no library would write it. */
  private static final class RawTar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    RawTar entry(String name, char type, long size, byte[] content) {
      out.writeBytes(header(name, type, size));
      return content(content);
    }

    RawTar pax(String... records) {
      byte[] bytes = EngineReadingTest.bytes(String.join("", records));
      return entry("pax", 'x', bytes.length, bytes);
    }

    RawTar sparse(String name, long size, List<Long> pieces, byte[] content) {
      byte[] header = header(name, 'S', content.length);
      for (int i = 0; i < pieces.size(); i++) {
        octal(header, 386 + i * 12, 12, pieces.get(i));
      }
      octal(header, 483, 12, size);
      sum(header);
      out.writeBytes(header);
      return content(content);
    }

    RawTar raw(byte[] blocks) {
      out.writeBytes(blocks);
      return this;
    }

    byte[] bytes() {
      return concat(out.toByteArray(), new byte[1024]);
    }

    private RawTar content(byte[] content) {
      out.writeBytes(content);
      out.writeBytes(new byte[(512 - content.length % 512) % 512]);
      return this;
    }

    private static byte[] header(String name, char type, long size) {
      byte[] header = new byte[512];
      System.arraycopy(EngineReadingTest.bytes(name), 0, header, 0, name.length());
      octal(header, 100, 8, 0755);
      octal(header, 108, 8, 0);
      octal(header, 116, 8, 0);
      octal(header, 124, 12, size);
      octal(header, 136, 12, 0);
      header[156] = (byte) type;
      System.arraycopy(EngineReadingTest.bytes("ustar\00000"), 0, header, 257, 8);
      if (type == 'S') {
        System.arraycopy(EngineReadingTest.bytes("ustar  \0"), 0, header, 257, 8);
      }
      sum(header);
      return header;
    }

    private static void octal(byte[] header, int at, int length, long value) {
      byte[] digits = EngineReadingTest.bytes(("%0" + (length - 1) + "o").formatted(value));
      System.arraycopy(digits, 0, header, at, length - 1);
    }

    private static void sum(byte[] header) {
      Arrays.fill(header, 148, 156, (byte) ' ');
      int sum = 0;
      for (byte b : header) {
        sum += b & 0xff;
      }
      octal(header, 148, 7, sum);
    }
  }
}
