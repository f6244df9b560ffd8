package org.imagediet.archive;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.ElfParser;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.KnownProgram;
import org.imagediet.image.PackageDatabases;
import org.imagediet.image.ProgramMarkers;
import org.imagediet.image.TrustStoreParser;

/**
 * Reads layers, each in one pass, and keeps what an image is asked about: the entries, what
 * programs are, and the content of the few files that are looked into. Nothing is written anywhere.
 */
final class LayerScanner {

  /** Longer programs are judged by their beginning. */
  private static final int MOST_PROGRAM_BYTES = 48 << 20;

  private static final int MOST_KEPT_BYTES = 4 << 20;
  private static final int MOST_KEPT_IN_ALL = 64 << 20;
  private static final int START = 4096;
  private static final int BUFFER = 1 << 16;
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final Set<String> KEPT =
      Set.of("/etc/passwd", "/etc/group", "/etc/os-release", "/usr/lib/os-release");

  private final Limits limits;
  private final AtomicLong entries = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();

  LayerScanner(Limits limits) {
    this.limits = limits;
  }

  /** What compresses a layer in the archive. */
  private enum Compression {
    NONE,
    GZIP,
    ZSTD
  }

  /**
   * Reads one layer.
   *
   * @param layer the layer's bytes, to the end
   * @param size how many they are
   * @param compress whether to compute the transfer size of a plain tar
   * @throws IOException whose message goes on after "layer N ", when it cannot be read as one
   */
  LayerSummary scan(InputStream layer, long size, boolean compress) throws IOException {
    MessageDigest digest = sha256();
    MessageDigest diffDigest = sha256();
    BufferedInputStream raw = new BufferedInputStream(new DigestInputStream(layer, digest), BUFFER);
    Compression compression = compression(raw);
    GzipSize gzip = compress && compression == Compression.NONE ? new GzipSize() : null;
    try {
      InputStream plain = new DigestInputStream(uncompressed(raw, compression), diffDigest);
      InputStream counted = new Counting(plain);
      Scan scan = new Scan();
      InputStream teed = gzip == null ? counted : new Tee(counted, gzip);
      scan.read(new TarReader(new BufferedInputStream(teed, BUFFER), limits));
      // What follows the end mark still belongs to the digests.
      teed.transferTo(OutputStream.nullOutputStream());
      raw.transferTo(OutputStream.nullOutputStream());
      OptionalLong transfer =
          compression != Compression.NONE
              ? OptionalLong.of(size)
              : gzip == null ? OptionalLong.empty() : OptionalLong.of(gzip.finish());
      return new LayerSummary(
          "sha256:" + HexFormat.of().formatHex(digest.digest()),
          "sha256:" + HexFormat.of().formatHex(diffDigest.digest()),
          transfer,
          scan.unpackedBytes,
          scan.found,
          scan.whiteouts,
          scan.opaque);
    } finally {
      if (gzip != null) {
        gzip.close();
      }
    }
  }

  private static Compression compression(BufferedInputStream in) throws IOException {
    in.mark(8);
    byte[] start = in.readNBytes(4);
    in.reset();
    if (start.length >= 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b) {
      return Compression.GZIP;
    }
    boolean zstd =
        start.length == 4
            && (start[0] & 0xff) == 0x28
            && (start[1] & 0xff) == 0xb5
            && (start[2] & 0xff) == 0x2f
            && (start[3] & 0xff) == 0xfd;
    return zstd ? Compression.ZSTD : Compression.NONE;
  }

  static InputStream uncompressed(BufferedInputStream in) throws IOException {
    return uncompressed(in, compression(in));
  }

  private static InputStream uncompressed(InputStream in, Compression compression)
      throws IOException {
    return switch (compression) {
      case GZIP -> new GZIPInputStream(in, BUFFER);
      case ZSTD -> new ZstdInputStream(in);
      case NONE -> in;
    };
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Stops a layer that unpacks to more than anyone would ship. */
  private final class Counting extends FilterInputStream {
    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int got = in.read(target, from, length);
      if (got > 0 && bytes.addAndGet(got) > limits.unpackedBytes()) {
        throw new IOException(
            "unpacks to more than %d MB; that is no image but a decompression bomb"
                .formatted(limits.unpackedBytes() / 1_000_000));
      }
      return got;
    }
  }

  /** Copies what is read to a second reader. */
  private static final class Tee extends FilterInputStream {
    private final OutputStream copy;

    Tee(InputStream in, OutputStream copy) {
      super(in);
      this.copy = copy;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int got = in.read(target, from, length);
      if (got > 0) {
        copy.write(target, from, got);
      }
      return got;
    }
  }

  /** The state of one pass. */
  private final class Scan {
    final List<FileEntry> found = new ArrayList<>();
    final List<String> whiteouts = new ArrayList<>();
    final List<String> opaque = new ArrayList<>();
    long unpackedBytes;
    private byte[] buffer = new byte[BUFFER];

    void read(TarReader tar) throws IOException {
      for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
        if (entries.incrementAndGet() > limits.entries()) {
          throw new IOException(
              "brings the image to more than %d files; give Java more memory if it is honest"
                  .formatted(limits.entries()));
        }
        add(next.get(), tar);
      }
    }

    private void add(TarEntry entry, TarReader tar) throws IOException {
      String path = path(entry.name());
      if (path.equals("/")) {
        return;
      }
      String name = path.substring(path.lastIndexOf('/') + 1);
      String folder = path.substring(0, path.length() - name.length());
      if (name.equals(OPAQUE)) {
        opaque.add(folder.length() == 1 ? folder : folder.substring(0, folder.length() - 1));
        return;
      }
      if (name.startsWith(WHITEOUT)) {
        whiteouts.add(folder + name.substring(WHITEOUT.length()));
        return;
      }
      boolean file = entry.type() == FileType.FILE;
      Optional<Content> content = file && !entry.sparse() ? content(path, tar) : Optional.empty();
      unpackedBytes += entry.size();
      boolean hardLink = entry.type() == FileType.HARD_LINK;
      found.add(
          new FileEntry(
              path,
              entry.type(),
              entry.mode(),
              entry.uid(),
              entry.gid(),
              entry.size(),
              hardLink
                  ? path(entry.linkTarget())
                  : entry.type() == FileType.SYMLINK ? entry.linkTarget() : "",
              entry.capabilities(),
              0,
              content));
    }

    private Optional<Content> content(String path, TarReader tar) throws IOException {
      int length = fill(tar, 0, START);
      if (length == 0 && !TrustStoreParser.candidate(path, new byte[0])) {
        return Optional.empty();
      }
      if (ElfParser.elf(buffer, length)) {
        length = fill(tar, length, MOST_PROGRAM_BYTES);
        Optional<ElfFile> elf = ElfParser.parse(buffer, length);
        boolean library = elf.filter(e -> !e.executable()).isPresent();
        Set<KnownProgram> programs = ProgramMarkers.find(buffer, length, library);
        return Optional.of(new Content(elf, programs, Optional.empty()));
      }
      byte[] start = java.util.Arrays.copyOf(buffer, length);
      boolean wanted =
          KEPT.contains(path)
              || PackageDatabases.database(path)
              || TrustStoreParser.candidate(path, start);
      if (!wanted || kept.get() > MOST_KEPT_IN_ALL) {
        return Optional.empty();
      }
      length = fill(tar, length, MOST_KEPT_BYTES);
      kept.addAndGet(length);
      return Optional.of(
          new Content(
              Optional.empty(), Set.of(), Optional.of(java.util.Arrays.copyOf(buffer, length))));
    }

    /** Reads on into the buffer up to a number of bytes, and returns how many are there. */
    private int fill(TarReader tar, int from, int most) throws IOException {
      int length = from;
      while (length < most) {
        if (length == buffer.length) {
          buffer = java.util.Arrays.copyOf(buffer, Math.min(buffer.length * 2, most));
        }
        int got = tar.read(buffer, length, Math.min(buffer.length, most) - length);
        if (got < 0) {
          break;
        }
        length += got;
      }
      return length;
    }
  }

  /** The absolute form of an entry's name. */
  private static String path(String name) throws IOException {
    StringBuilder path = new StringBuilder();
    for (String component : name.split("/")) {
      if (component.equals("..")) {
        throw new IOException("holds the entry '" + shortened(name) + "', which leads out of it");
      }
      if (!component.isEmpty() && !component.equals(".")) {
        path.append('/').append(component);
      }
    }
    return path.length() == 0 ? "/" : path.toString();
  }

  private static String shortened(String name) {
    return name.length() > 100 ? name.substring(0, 100) + "..." : name;
  }
}
