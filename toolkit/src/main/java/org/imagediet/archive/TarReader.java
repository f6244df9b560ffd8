package org.imagediet.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.imagediet.image.FileType;

/**
 * Reads a tar stream (POSIX ustar and pax, GNU long names and sparse files) that may be hostile: no
 * length in it is believed before it is compared with a limit, and nothing is ever written. The
 * well-known readers hold a long name or a pax header of any length in memory.
 */
final class TarReader {

  private static final int BLOCK = 512;
  private static final int MOST_HEADERS = 20;

  private final InputStream in;
  private final Limits limits;
  private final byte[] header = new byte[BLOCK];
  private final byte[] skipped = new byte[1 << 15];
  private final Map<String, String> global = new HashMap<>();
  private long left;
  private int padding;
  private long offset;

  TarReader(InputStream in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  /** Returns where the next byte read comes from. */
  long offset() {
    return offset;
  }

  /** Returns whether a block begins a tar archive: a header with a right sum, or an empty one. */
  static boolean tar(byte[] block, int length) {
    return length >= BLOCK && (empty(block) || sumFits(block));
  }

  /** Goes to the next entry, or returns nothing at the end. */
  Optional<TarEntry> next() throws IOException {
    skip();
    Map<String, String> extended = new HashMap<>(global);
    Optional<String> longName = Optional.empty();
    Optional<String> longLink = Optional.empty();
    for (int headers = 0; ; headers++) {
      if (headers > MOST_HEADERS) {
        throw new IOException("holds an entry with more than " + MOST_HEADERS + " headers");
      }
      if (!readHeader()) {
        return Optional.empty();
      }
      char type = (char) header[156];
      long size = number(124, 12);
      switch (type) {
        case 'L' -> longName = Optional.of(headerText(size));
        case 'K' -> longLink = Optional.of(headerText(size));
        case 'x' -> pax(headerBytes(size), extended);
        case 'g' -> {
          pax(headerBytes(size), global);
          extended.putAll(global);
        }
        default -> {
          return Optional.of(entry(type, size, extended, longName, longLink));
        }
      }
    }
  }

  private TarEntry entry(
      char type,
      long size,
      Map<String, String> extended,
      Optional<String> longName,
      Optional<String> longLink)
      throws IOException {
    String name = longName.orElseGet(this::ustarName);
    name = extended.getOrDefault("path", name);
    String link = extended.getOrDefault("linkpath", longLink.orElseGet(() -> text(157, 100)));
    long stored = number(extended, "size", size);
    long real = stored;
    boolean sparse = false;
    if (type == 'S') {
      sparse = true;
      real = number(483, 12);
      boolean more = header[482] != 0;
      byte[] map = new byte[BLOCK];
      for (int maps = 0; more; maps++) {
        if (maps == limits.headerBytes() / BLOCK) {
          throw new IOException("holds a sparse file with too many pieces");
        }
        readFully(map, BLOCK);
        more = map[504] != 0;
      }
    } else if (extended.containsKey("GNU.sparse.realsize")
        || extended.containsKey("GNU.sparse.size")) {
      sparse = true;
      real = number(extended, "GNU.sparse.realsize", number(extended, "GNU.sparse.size", stored));
      name = extended.getOrDefault("GNU.sparse.name", name);
    }
    FileType kind = kind(type, name);
    boolean content = kind == FileType.FILE;
    left = content ? stored : kind == FileType.HARD_LINK ? 0 : Math.max(0, stored);
    padding = (int) ((BLOCK - left % BLOCK) % BLOCK);
    return new TarEntry(
        name,
        kind,
        (int) number(100, 8) & 07777,
        number(extended, "uid", number(108, 8)),
        number(extended, "gid", number(116, 8)),
        content ? real : 0,
        left,
        sparse,
        link,
        extended.containsKey("SCHILY.xattr.security.capability"));
  }

  private static FileType kind(char type, String name) throws IOException {
    return switch (type) {
      case '0', '\0', '7', 'S' -> name.endsWith("/") ? FileType.DIRECTORY : FileType.FILE;
      case '1' -> FileType.HARD_LINK;
      case '2' -> FileType.SYMLINK;
      case '3', '4' -> FileType.DEVICE;
      case '5' -> FileType.DIRECTORY;
      case '6' -> FileType.FIFO;
      default -> throw new IOException("holds an entry of the unknown type '" + type + "'");
    };
  }

  private String ustarName() {
    String name = text(0, 100);
    boolean posix = header[257] == 'u' && header[262] == 0;
    String prefix = posix ? text(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private boolean readHeader() throws IOException {
    int got = in.readNBytes(header, 0, BLOCK);
    offset += got;
    if (got == 0) {
      return false;
    }
    if (got < BLOCK) {
      throw new EOFException("ends in the middle of a header");
    }
    if (empty(header)) {
      return false;
    }
    if (!sumFits(header)) {
      throw new IOException("is no tar archive, or a damaged one");
    }
    return true;
  }

  private static boolean empty(byte[] block) {
    for (int i = 0; i < BLOCK; i++) {
      if (block[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean sumFits(byte[] block) {
    long sum = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      sum += b & 0xff;
      signed += b;
    }
    long written = 0;
    for (int i = 148; i < 156; i++) {
      if (block[i] >= '0' && block[i] <= '7') {
        written = written * 8 + block[i] - '0';
      } else if (block[i] != ' ' && block[i] != 0) {
        return false;
      }
    }
    return written == sum || written == signed;
  }

  private String headerText(long size) throws IOException {
    byte[] bytes = headerBytes(size);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return decoded(bytes, 0, end);
  }

  private byte[] headerBytes(long size) throws IOException {
    if (size < 0 || size > limits.headerBytes()) {
      throw new IOException(
          "holds a name or an extended header of %d bytes; the limit is %d"
              .formatted(size, limits.headerBytes()));
    }
    byte[] bytes = new byte[(int) size];
    readFully(bytes, bytes.length);
    int rest = (int) ((BLOCK - size % BLOCK) % BLOCK);
    readFully(skipped, rest);
    return bytes;
  }

  /** Records of the form {@code LENGTH KEY=VALUE\n}, the length counting the whole record. */
  private static void pax(byte[] bytes, Map<String, String> fields) throws IOException {
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      int space = at;
      int length = 0;
      while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9') {
        length = length * 10 + bytes[space++] - '0';
        if (length > bytes.length) {
          throw new IOException("holds a damaged extended header");
        }
      }
      int end = at + length;
      int equals = space;
      while (equals < end && equals < bytes.length && bytes[equals] != '=') {
        equals++;
      }
      if (length == 0 || end > bytes.length || equals >= end) {
        throw new IOException("holds a damaged extended header");
      }
      String key = decoded(bytes, space + 1, equals);
      fields.put(key, decoded(bytes, equals + 1, Math.max(equals + 1, end - 1)));
      at = end;
    }
  }

  private static long number(Map<String, String> fields, String key, long otherwise)
      throws IOException {
    String text = fields.get(key);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("\\d{1,18}")) {
      throw new IOException("holds a damaged extended header");
    }
    return Long.parseLong(text);
  }

  /** A field of octal digits, or GNU's binary form for what these cannot hold. */
  private long number(int start, int length) throws IOException {
    if ((header[start] & 0x80) != 0) {
      long value = header[start] & 0x3f;
      for (int i = 1; i < length; i++) {
        if (value >>> 54 != 0) {
          throw new IOException("holds an entry with an impossible number");
        }
        value = value << 8 | header[start + i] & 0xff;
      }
      if ((header[start] & 0x40) != 0) {
        throw new IOException("holds an entry with a negative number");
      }
      return value;
    }
    long value = 0;
    for (int i = start; i < start + length; i++) {
      byte b = header[i];
      if (b >= '0' && b <= '7') {
        value = value << 3 | b - '0';
      } else if (b == 0 || b == ' ') {
        if (value != 0) {
          break;
        }
      } else {
        throw new IOException("holds a damaged header");
      }
    }
    return value;
  }

  private String text(int start, int length) {
    int end = start;
    while (end < start + length && header[end] != 0) {
      end++;
    }
    return decoded(header, start, end);
  }

  /** UTF-8 where it is that, else one character a byte, so that different names stay different. */
  private static String decoded(byte[] bytes, int start, int end) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, end - start))
          .toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
  }

  private void readFully(byte[] bytes, int length) throws IOException {
    int got = in.readNBytes(bytes, 0, length);
    offset += got;
    if (got < length) {
      throw new EOFException("ends in the middle of an entry");
    }
  }

  /** Reads on in the present entry; -1 at its end. */
  int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int got = in.read(bytes, from, (int) Math.min(length, left));
    if (got < 0) {
      throw new EOFException("ends in the middle of an entry");
    }
    left -= got;
    offset += got;
    return got;
  }

  /** Returns the rest of the present entry as a stream. */
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return TarReader.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        return length == 0 ? 0 : TarReader.this.read(bytes, from, length);
      }
    };
  }

  /** Skips what is left of the present entry without looking at it. */
  private void skip() throws IOException {
    long rest = left + padding;
    left = 0;
    padding = 0;
    while (rest > 0) {
      int got = in.read(skipped, 0, (int) Math.min(skipped.length, rest));
      if (got < 0) {
        throw new EOFException("ends in the middle of an entry");
      }
      rest -= got;
      offset += got;
    }
  }

  /**
   * Returns how many bytes the present entry has left with its padding, and takes them for read;
   * the caller moves the stream by itself.
   */
  long release() {
    long rest = left + padding;
    left = 0;
    padding = 0;
    offset += rest;
    return rest;
  }
}
