package org.imagediet.archive;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.imagediet.image.Content;
import org.imagediet.image.ElfParser;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.PackageDatabases;
import org.imagediet.image.TrustStoreParser;

/**
 * Reads layers, each in one pass, and keeps what an image is asked about: the entries, what
 * programs are, and the content of the few files that are looked into. Nothing is written anywhere.
 */
final class LayerScanner {

  private static final int MOST_STORE_BYTES = 4 << 20;
  private static final int MOST_RECORD_BYTES = 16 << 20;
  private static final int MOST_KEPT_STORES = 16 << 20;
  private static final int MOST_KEPT_IN_ALL = 64 << 20;

  /** Zeros compress to a thousandth; nothing that is worth shipping does in such an amount. */
  private static final long BOMB_BYTES = 4_000_000_000L;

  private static final int BOMB_RATIO = 200;
  private static final int START = 4096;
  private static final int LONG_NAME = 256;
  private static final int MOST_FOLDERS = 256;
  private static final int BUFFER = 1 << 16;
  static final String MEDIA_TYPE = "application/vnd.oci.image.layer.v1.tar";
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final Set<String> KEPT =
      Set.of("/etc/passwd", "/etc/group", "/etc/os-release", "/usr/lib/os-release");

  /** The form of a passwd or group file, for those that are reached through a link. */
  private static final Pattern ACCOUNTS =
      Pattern.compile("\\A[a-z_][a-z0-9_-]*:[^:\n]*:\\d+:[^\n]*(\n|\\z)");

  private static final int MOST_ACCOUNTS_BYTES = 1 << 20;

  private final Limits limits;
  private final boolean recompress;
  private final AtomicLong entries = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();

  LayerScanner(Limits limits) {
    this(limits, false);
  }

  /**
   * Prepares to read the layers of an image.
   *
   * @param recompress whether the transfer size of a compressed layer is computed like that of a
   *     plain one
   */
  LayerScanner(Limits limits, boolean recompress) {
    this.limits = limits;
    this.recompress = recompress;
  }

  /** What compresses a layer in the archive. */
  private enum Compression {
    NONE(""),
    GZIP("+gzip"),
    ZSTD("+zstd");

    private final String ending;

    Compression(String ending) {
      this.ending = ending;
    }
  }

  /**
   * Reads one layer.
   *
   * @param layer the layer's bytes, to the end
   * @param size how many they are
   * @param compress whether to compute the transfer size, where the archive does not say it
   * @throws IOException whose message goes on after "layer N ", when it cannot be read as one
   */
  LayerSummary scan(InputStream layer, long size, boolean compress) throws IOException {
    MessageDigest digest = Sha256.begin();
    BufferedInputStream raw = new BufferedInputStream(new DigestInputStream(layer, digest), BUFFER);
    Compression compression = compression(raw);
    boolean packed = compression != Compression.NONE;
    MessageDigest diffDigest = packed ? Sha256.begin() : digest;
    boolean said = packed && !recompress;
    GzipSize gzip = compress && !said ? new GzipSize() : null;
    try {
      InputStream plain = packed ? new DigestInputStream(unpacked(raw), diffDigest) : raw;
      InputStream counted = new Counting(plain, size);
      Scan scan = new Scan();
      InputStream teed = gzip == null ? counted : new Tee(counted, gzip);
      scan.read(new TarReader(new BufferedInputStream(teed, BUFFER), limits));
      // What follows the end mark still belongs to the digests.
      teed.transferTo(OutputStream.nullOutputStream());
      raw.transferTo(OutputStream.nullOutputStream());
      OptionalLong transfer =
          said
              ? OptionalLong.of(size)
              : gzip == null ? OptionalLong.empty() : OptionalLong.of(gzip.finish());
      String archived = "sha256:" + HexFormat.of().formatHex(digest.digest());
      return new LayerSummary(
          archived,
          packed ? "sha256:" + HexFormat.of().formatHex(diffDigest.digest()) : archived,
          MEDIA_TYPE + compression.ending,
          transfer,
          scan.unpackedBytes,
          scan.found,
          scan.whiteouts,
          scan.opaque,
          new LayerSummary.Weight(scan.weight, scan.keptBytes, scan.whole));
    } catch (EOFException | ZipException | ZstdIOException e) {
      throw new MalformedException("is truncated or damaged: its compressed data cannot be read");
    } finally {
      if (gzip != null) {
        gzip.close();
      }
    }
  }

  /** Returns whether a full pass over a layer would find what was found in one before. */
  boolean admits(LayerSummary known, boolean compress) {
    return !(compress && known.transferBytes().isEmpty())
        && kept.get() + known.weight().keptBytes() <= MOST_KEPT_STORES;
  }

  /**
   * Takes what was found in a layer before, if this one has the same bytes; else nothing.
   *
   * @param layer the layer's bytes, to the end
   * @param size how many they are
   * @param known of a layer that was not compressed
   * @throws IOException as {@link #scan} does: when it brings the image over a limit, or cannot be
   *     read
   */
  Optional<LayerSummary> recognise(InputStream layer, long size, LayerSummary known)
      throws IOException {
    refuseBomb(bytes.addAndGet(size));
    MessageDigest digest = Sha256.begin();
    byte[] buffer = new byte[BUFFER];
    for (int got = layer.read(buffer); got >= 0; got = layer.read(buffer)) {
      digest.update(buffer, 0, got);
    }
    if (!known.digest().equals("sha256:" + HexFormat.of().formatHex(digest.digest()))) {
      return Optional.empty();
    }
    count(known.weight().entries());
    kept.addAndGet(known.weight().keptBytes());
    return Optional.of(known);
  }

  private void count(long weight) throws IOException {
    if (entries.addAndGet(weight) > limits.entries()) {
      throw new MalformedException(
          "brings the image to more than %d files; give Java more memory if it is honest"
              .formatted(limits.entries()));
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

  /** Returns what a stream unpacks to: gzip, also of several members, zstd, or itself. */
  static InputStream unpacked(BufferedInputStream in) throws IOException {
    return switch (compression(in)) {
      case GZIP -> new GZIPInputStream(new Hopeful(in), BUFFER);
      case ZSTD -> new ZstdInputStream(in);
      case NONE -> in;
    };
  }

  /**
   * Says that more may come. The JDK looks for a further gzip member only when it is told so, and
   * seekable layers have thousands.
   */
  private static final class Hopeful extends FilterInputStream {
    Hopeful(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 1;
    }
  }

  /** Stops a layer that unpacks to more than anyone would ship. */
  private final class Counting extends FilterInputStream {
    private final long packed;
    private long unpacked;

    Counting(InputStream in, long packed) {
      super(in);
      this.packed = packed;
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
        unpacked += got;
        refuseBomb(bytes.addAndGet(got));
        if (unpacked > BOMB_BYTES && unpacked / BOMB_RATIO > packed) {
          throw bomb(BOMB_BYTES);
        }
      }
      return got;
    }
  }

  private void refuseBomb(long unpacked) throws IOException {
    if (unpacked > limits.unpackedBytes()) {
      throw bomb(limits.unpackedBytes());
    }
  }

  private static MalformedException bomb(long most) {
    return new MalformedException(
        "unpacks to more than %d MB; that is no image but a decompression bomb"
            .formatted(most / 1_000_000));
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
    long weight;
    long keptBytes;
    boolean whole = true;
    private final byte[] start = new byte[START];
    private final ProgramReader programs = new ProgramReader();

    void read(TarReader tar) throws IOException {
      for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
        TarEntry entry = next.get();
        long one = 1 + (entry.name().length() + entry.linkTarget().length()) / LONG_NAME;
        count(one);
        weight += one;
        add(entry, tar);
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
      Optional<Content> content = file ? content(path, tar.content()) : Optional.empty();
      unpackedBytes += entry.size();
      // A file with holes is larger than what was read of it.
      refuseBomb(unpackedBytes);
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

    private Optional<Content> content(String path, InputStream in) throws IOException {
      int length = in.readNBytes(start, 0, START);
      if (ElfParser.elf(start, length)) {
        return Optional.of(programs.read(start, length, in));
      }
      byte[] beginning = Arrays.copyOf(start, length);
      Optional<byte[]> kept = Optional.empty();
      if (PackageDatabases.database(path)) {
        kept = keep(beginning, in, MOST_RECORD_BYTES, MOST_KEPT_IN_ALL);
      } else if (KEPT.contains(path) || accounts(beginning)) {
        kept = keep(beginning, in, MOST_ACCOUNTS_BYTES, MOST_KEPT_IN_ALL);
      } else if (TrustStoreParser.candidate(path, beginning)) {
        kept = keep(beginning, in, MOST_STORE_BYTES, MOST_KEPT_STORES);
      } else if (length > 2 && beginning[0] == '#' && beginning[1] == '!') {
        return Optional.of(Content.ofScript(beginning, length));
      }
      return kept.map(Content::ofBytes);
    }

    private boolean accounts(byte[] beginning) {
      // Most files are told apart by their first bytes.
      for (int i = 0; i < Math.min(beginning.length, 33); i++) {
        if (beginning[i] == ':') {
          return i > 0
              && ACCOUNTS.matcher(new String(beginning, StandardCharsets.ISO_8859_1)).find();
        }
        if (beginning[i] <= ' ') {
          return false;
        }
      }
      return false;
    }

    /** Keeps a file whole or not at all: half a trust store would be taken for all of it. */
    private Optional<byte[]> keep(byte[] beginning, InputStream in, int most, long mostInAll)
        throws IOException {
      byte[] rest = in.readNBytes(most - beginning.length + 1);
      int length = beginning.length + rest.length;
      if (length > most) {
        return Optional.empty();
      }
      if (kept.addAndGet(length) > mostInAll) {
        if (mostInAll == MOST_KEPT_IN_ALL) {
          throw new MalformedException(
              "brings the image to more than %d MB of package records"
                  .formatted(mostInAll / 1_000_000));
        }
        kept.addAndGet(-length);
        whole = false;
        return Optional.empty();
      }
      keptBytes += length;
      byte[] all = Arrays.copyOf(beginning, length);
      System.arraycopy(rest, 0, all, beginning.length, rest.length);
      return Optional.of(all);
    }
  }

  /** The absolute form of an entry's name. */
  private static String path(String name) throws IOException {
    StringBuilder path = new StringBuilder(name.length() + 1);
    int depth = 0;
    for (String component : name.split("/")) {
      if (component.equals("..")) {
        throw new MalformedException(
            "holds the entry '" + shortened(name) + "', which leads out of it");
      }
      if (!component.isEmpty() && !component.equals(".")) {
        path.append('/').append(component);
        depth++;
      }
    }
    if (depth > MOST_FOLDERS) {
      throw new MalformedException(
          "holds a path of %d folders; the limit is %d".formatted(depth, MOST_FOLDERS));
    }
    return depth == 0 ? "/" : path.toString();
  }

  private static String shortened(String name) {
    return name.length() > 100 ? name.substring(0, 100) + "..." : name;
  }
}
