package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a reader of its own; that a real scanner reads it too is seen in {@link ScanIT}. */
class BoltFileTest {

  private static final int PAGE = 4096;

  @TempDir Path folder;

  private ByteBuffer written(BoltFile.Bucket root) throws IOException {
    Path file = folder.resolve("bolt.db");
    BoltFile.write(file, root);
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] value(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("has two meta pages with the format's magic and a checksum, and a free list")
  void meta() throws IOException {
    BoltFile.Bucket root = new BoltFile.Bucket();
    root.bucket("a").put("k", value("v"));
    ByteBuffer file = written(root);
    assertThat(file.capacity() % PAGE).isZero();
    for (int page = 0; page < 2; page++) {
      int at = page * PAGE;
      assertThat(file.getLong(at)).as("page id").isEqualTo(page);
      assertThat(file.getShort(at + 8)).as("meta page").isEqualTo((short) 0x04);
      assertThat(file.getInt(at + 16)).isEqualTo(0xED0CDAED);
      assertThat(file.getInt(at + 20)).as("version").isEqualTo(2);
      assertThat(file.getInt(at + 24)).as("page size").isEqualTo(PAGE);
      assertThat(file.getLong(at + 56)).as("pages").isEqualTo(file.capacity() / PAGE);
      assertThat(file.getLong(at + 64)).as("transaction").isEqualTo(page);
      assertThat(file.getLong(at + 72)).as("checksum").isEqualTo(fnv(file, at + 16, 56));
    }
    assertThat(file.getShort(2 * PAGE + 8)).as("free list").isEqualTo((short) 0x10);
  }

  /** FNV-1a of 64 bits, with its constants in decimal, as its authors give them. */
  private static long fnv(ByteBuffer bytes, int from, int length) {
    long hash = Long.parseUnsignedLong("14695981039346656037");
    for (int i = from; i < from + length; i++) {
      hash ^= bytes.get(i) & 0xFF;
      hash *= 1099511628211L;
    }
    return hash;
  }

  @Test
  @DisplayName("gives back what was put in, small buckets inline and large ones in pages")
  void roundTrip() throws IOException {
    BoltFile.Bucket root = new BoltFile.Bucket();
    TreeMap<String, String> expected = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      root.bucket("large").put("CVE-2025-" + i, value("x".repeat(i % 50)));
      expected.put("large/CVE-2025-" + i, "x".repeat(i % 50));
    }
    root.bucket("debian 13").bucket("bash").put("CVE-1", value("{}"));
    root.bucket("debian 13").bucket("zlib").put("CVE-2", value(""));
    expected.put("debian 13/bash/CVE-1", "{}");
    expected.put("debian 13/zlib/CVE-2", "");
    ByteBuffer file = written(root);
    TreeMap<String, String> found = new TreeMap<>();
    readPage(file, Math.toIntExact(file.getLong(16 + 16)) * PAGE, "", found);
    assertThat(found).isEqualTo(expected);
  }

  private static void readPage(
      ByteBuffer file, int page, String prefix, TreeMap<String, String> found) {
    assertThat(file.getShort(page + 8)).as("leaf page").isEqualTo((short) 0x02);
    int count = file.getShort(page + 10) & 0xFFFF;
    byte[] before = new byte[0];
    for (int i = 0; i < count; i++) {
      int element = page + 16 + 16 * i;
      int at = element + file.getInt(element + 4);
      byte[] key = bytes(file, at, file.getInt(element + 8));
      byte[] value = bytes(file, at + key.length, file.getInt(element + 12));
      assertThat(java.util.Arrays.compareUnsigned(before, key)).as("sorted keys").isNegative();
      before = key;
      String name = prefix + new String(key, StandardCharsets.UTF_8);
      if (file.getInt(element) == 0) {
        found.put(name, new String(value, StandardCharsets.UTF_8));
        continue;
      }
      long root = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
      int inner = root == 0 ? at + key.length + 16 : Math.toIntExact(root) * PAGE;
      if (root != 0) {
        assertThat(file.getLong(inner)).as("page id").isEqualTo(root);
      }
      readPage(file, inner, name + "/", found);
    }
  }

  private static byte[] bytes(ByteBuffer file, int at, int length) {
    byte[] bytes = new byte[length];
    file.duplicate().position(at).get(bytes);
    return bytes;
  }

  @Test
  @DisplayName("refuses a bucket with more entries than a page can count")
  void tooMany() {
    BoltFile.Bucket root = new BoltFile.Bucket();
    for (int i = 0; i < 65_536; i++) {
      root.bucket("a").put(Integer.toString(i), new byte[0]);
    }
    assertThatThrownBy(() -> written(root)).hasMessageContaining("65535");
  }
}
