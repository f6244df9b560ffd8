package org.imagediet.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.image.ContainerImage;

/** A large archive: two big programs and twenty thousand small files in one layer. */
public final class LargeArchive {

  private static final int SMALL_FILES = 20_000;
  private static final int SMALL_BYTES = 1000;

  private LargeArchive() {}

  /** Reads an archive in a process of its own, and prints what it saw. */
  public static void main(String[] arguments) {
    ContainerImage image =
        ImageArchive.read(
            Path.of(arguments[0]), ReadOptions.defaults().transferSizes(TransferSizes.none()));
    System.out.printf(
        "files %d bytes %d%n", image.files().regularFiles(), image.sizes().unpackedBytes());
  }

  static long fileBytes(long total) {
    return total + (long) SMALL_FILES * SMALL_BYTES;
  }

  static void write(Path file, long total) throws IOException {
    Path layer = file.resolveSibling("layer.tar");
    MessageDigest digest = Sha256.begin();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new DigestOutputStream(
                new BufferedOutputStream(Files.newOutputStream(layer), 1 << 20), digest))) {
      for (int i = 0; i < 2; i++) {
        byte[] start = new byte[1 << 20];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, start, 0, 7);
        entry(tar, "bin/program" + i, total / 2, start);
      }
      for (int i = 0; i < SMALL_FILES; i++) {
        entry(tar, "share/some/folder/" + i % 100 + "/file-" + i, SMALL_BYTES, new byte[1000]);
      }
    }
    String diffId = HexFormat.of().formatHex(digest.digest());
    String config =
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[\"sha256:"
            + diffId
            + "\"]}}";
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry entry = new TarArchiveEntry("l/layer.tar");
      entry.setSize(Files.size(layer));
      tar.putArchiveEntry(entry);
      Files.copy(layer, tar);
      tar.closeArchiveEntry();
      text(tar, "config.json", config);
      text(tar, "manifest.json", "[{\"Config\":\"config.json\",\"Layers\":[\"l/layer.tar\"]}]");
    }
    Files.delete(layer);
  }

  private static void entry(TarArchiveOutputStream tar, String name, long size, byte[] block)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    tar.putArchiveEntry(entry);
    for (long left = size; left > 0; left -= block.length) {
      tar.write(block, 0, (int) Math.min(block.length, left));
    }
    tar.closeArchiveEntry();
  }

  private static void text(TarArchiveOutputStream tar, String name, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
