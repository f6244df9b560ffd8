package org.imagediet.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imagediet.image.FileNames;
import org.imagediet.image.FileType;

/**
 * Reads a tar stream (POSIX ustar and pax, GNU long names and sparse files) that may be hostile: no
 * length in it is believed before it is compared with a limit, and nothing is ever written. The
 * well-known readers hold a long name or a pax header of any length in memory.
 *
 * <p>Where tar leaves room for opinion (which of two names counts, which entries carry content) it
 * reads as Go's {@code archive/tar} does, since that is what the engines unpack layers with: a file
 * that only one of the two sees would be a file nobody has inspected.
 */
final class TarReader {

  private static final int BLOCK = 512;
  private static final int CHECKSUM = 148;
  private static final int MOST_HEADERS = 20;
  private static final Set<String> NAMES = Set.of("path", "linkpath");

  private final InputStream in;
  private final Limits limits;
  private final byte[] header = new byte[BLOCK];
  private final byte[] skipped = new byte[1 << 15];
  private long left;
  private int padding;
  private long offset;
  private InputStream content = InputStream.nullInputStream();

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

  /** The fields of an extended header; the pieces of a sparse file may be spread over many. */
  private static final class Extended {
    final Map<String, String> fields = new HashMap<>();
    final List<Long> pieces = new ArrayList<>();
  }

  /** Goes to the next entry, or returns nothing at the end. */
  Optional<TarEntry> next() throws IOException {
    skip();
    Extended extended = new Extended();
    Optional<String> longName = Optional.empty();
    Optional<String> longLink = Optional.empty();
    for (int headers = 0; ; headers++) {
      if (headers > MOST_HEADERS) {
        throw new MalformedException("holds an entry with more than " + MOST_HEADERS + " headers");
      }
      if (!readHeader()) {
        return Optional.empty();
      }
      char type = (char) (header[156] & 0xff);
      long size = number(124, 12);
      switch (type) {
        case 'L' -> longName = headerText(size);
        case 'K' -> longLink = headerText(size);
        case 'x' -> extended = pax(headerBytes(size));
        // The engines do not apply global headers; git writes a comment into one.
        case 'g' -> headerBytes(size);
        default -> {
          return Optional.of(entry(type, size, extended, longName, longLink));
        }
      }
    }
  }

  private TarEntry entry(
      char type,
      long headerSize,
      Extended extended,
      Optional<String> longName,
      Optional<String> longLink)
      throws IOException {
    Map<String, String> fields = extended.fields;
    String name = longName.orElseGet(() -> fields.getOrDefault("path", ustarName()));
    String link = longLink.orElseGet(() -> fields.getOrDefault("linkpath", text(157, 100)));
    name = fields.getOrDefault("GNU.sparse.name", name);
    // A directory of the oldest kind is a file whose name ends in a slash.
    FileType kind = type == 0 && name.endsWith("/") ? FileType.DIRECTORY : kind(type);
    boolean carriesContent = kind == FileType.FILE || type == 0;
    left = carriesContent ? number(fields, "size", headerSize) : 0;
    padding = (int) ((BLOCK - left % BLOCK) % BLOCK);
    long stored = left;
    long size = kind == FileType.FILE ? stored : 0;
    content = kind == FileType.FILE ? new Stored() : InputStream.nullInputStream();
    Optional<SparseMap> sparse = kind == FileType.FILE ? sparse(type, extended) : Optional.empty();
    if (sparse.isPresent()) {
      size = sparse.get().size();
      content = sparse.get().expand(content);
    }
    requireShort(name);
    requireShort(link);
    return new TarEntry(
        name,
        kind,
        (int) number(100, 8) & 07777,
        number(fields, "uid", number(108, 8)),
        number(fields, "gid", number(116, 8)),
        size,
        stored,
        kind == FileType.SYMLINK || kind == FileType.HARD_LINK ? link : "",
        fields.containsKey("SCHILY.xattr.security.capability"));
  }

  private static FileType kind(char type) throws IOException {
    return switch (type) {
      case '0', '\0', '7', 'S' -> FileType.FILE;
      case '1' -> FileType.HARD_LINK;
      case '2' -> FileType.SYMLINK;
      case '3', '4' -> FileType.DEVICE;
      case '5' -> FileType.DIRECTORY;
      case '6' -> FileType.FIFO;
      default ->
          throw new MalformedException(
              "holds an entry of the unknown type 0x%02x".formatted((int) type));
    };
  }

  /** The three ways in which GNU tar has written files with holes. */
  private Optional<SparseMap> sparse(char type, Extended extended) throws IOException {
    Map<String, String> fields = extended.fields;
    if (type == 'S') {
      return Optional.of(oldSparseMap());
    }
    if (fields.getOrDefault("GNU.sparse.major", "").equals("1")) {
      long size = number(fields, "GNU.sparse.realsize", 0);
      return Optional.of(new SparseMap(size, storedPieces(), left));
    }
    if (extended.pieces.isEmpty() && !fields.containsKey("GNU.sparse.size")) {
      return Optional.empty();
    }
    return Optional.of(new SparseMap(number(fields, "GNU.sparse.size", 0), extended.pieces, left));
  }

  private SparseMap oldSparseMap() throws IOException {
    List<Long> pieces = new ArrayList<>();
    long size = number(483, 12);
    byte[] own = header.clone();
    addPieces(386, 4, pieces);
    boolean more = header[482] != 0;
    while (more) {
      requireFew(pieces);
      readFully(header, BLOCK);
      addPieces(0, 21, pieces);
      more = header[504] != 0;
    }
    System.arraycopy(own, 0, header, 0, BLOCK);
    return new SparseMap(size, pieces, left);
  }

  private void addPieces(int start, int most, List<Long> pieces) throws IOException {
    for (int at = start; at < start + most * 24 && header[at] != 0; at += 24) {
      pieces.add(number(at, 12));
      pieces.add(number(at + 12, 12));
    }
  }

  /** The map that stands in front of the content: a count and that many pairs, a line each. */
  private List<Long> storedPieces() throws IOException {
    List<Long> pieces = new ArrayList<>();
    long count = -1;
    long begin = left;
    while (count < 0 || pieces.size() < 2 * count) {
      long value = 0;
      int digits = 0;
      for (int next = content.read(); next != '\n'; next = content.read()) {
        if (next < '0' || next > '9' || ++digits > 18) {
          throw new MalformedException("holds a damaged map of a sparse file");
        }
        value = value * 10 + next - '0';
      }
      if (count < 0) {
        count = value;
      } else {
        requireFew(pieces);
        pieces.add(value);
      }
    }
    content.skipNBytes((BLOCK - (begin - left) % BLOCK) % BLOCK);
    return pieces;
  }

  private void requireFew(List<Long> pieces) throws IOException {
    if (pieces.size() > limits.headerBytes() / 32) {
      throw new MalformedException("holds a sparse file of too many pieces");
    }
  }

  private void requireShort(String name) throws IOException {
    if (name.length() > limits.nameLength()) {
      throw new MalformedException(
          "holds a name of %d characters; the limit is %d"
              .formatted(name.length(), limits.nameLength()));
    }
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
      throw new MalformedException("ends in the middle of a header");
    }
    if (empty(header)) {
      return false;
    }
    if (!sumFits(header)) {
      throw new MalformedException("is no tar archive, or a damaged one");
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
      byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
      sum += b & 0xff;
      signed += b;
    }
    long written = 0;
    for (int i = CHECKSUM; i < CHECKSUM + 8; i++) {
      if (block[i] >= '0' && block[i] <= '7') {
        written = written * 8 + block[i] - '0';
      } else if (block[i] != ' ' && block[i] != 0) {
        return false;
      }
    }
    return written == sum || written == signed;
  }

  /** An empty one leaves what the header says. */
  private Optional<String> headerText(long size) throws IOException {
    byte[] bytes = headerBytes(size);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Optional.of(FileNames.decode(bytes, 0, end)).filter(text -> !text.isEmpty());
  }

  private byte[] headerBytes(long size) throws IOException {
    if (size < 0 || size > limits.headerBytes()) {
      throw new MalformedException(
          "holds a name or an extended header of %d bytes; the limit is %d"
              .formatted(size, limits.headerBytes()));
    }
    byte[] bytes = new byte[(int) size];
    readFully(bytes, bytes.length);
    readFully(skipped, (int) ((BLOCK - size % BLOCK) % BLOCK));
    return bytes;
  }

  /** Records of the form {@code LENGTH KEY=VALUE\n}, the length counting the whole record. */
  private Extended pax(byte[] bytes) throws IOException {
    Extended extended = new Extended();
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      int space = at;
      int length = 0;
      while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9') {
        length = length * 10 + bytes[space++] - '0';
        if (length > bytes.length) {
          throw damagedExtension();
        }
      }
      int end = at + length;
      int equals = space;
      while (equals < end && equals < bytes.length && bytes[equals] != '=') {
        equals++;
      }
      if (length == 0 || end > bytes.length || equals >= end || bytes[end - 1] != '\n') {
        throw damagedExtension();
      }
      String key = FileNames.decode(bytes, space + 1, equals);
      put(extended, key, FileNames.decode(bytes, equals + 1, end - 1));
      at = end;
    }
    return extended;
  }

  private void put(Extended extended, String key, String value) throws IOException {
    switch (key) {
      case "GNU.sparse.offset", "GNU.sparse.numbytes" -> {
        requireFew(extended.pieces);
        extended.pieces.add(number(value));
      }
      case "GNU.sparse.map" -> {
        for (String number : value.split(",")) {
          requireFew(extended.pieces);
          extended.pieces.add(number(number));
        }
      }
      default -> {
        if (NAMES.contains(key) && value.indexOf('\0') >= 0) {
          throw damagedExtension();
        }
        // An empty value leaves what the header says.
        if (!value.isEmpty()) {
          extended.fields.put(key, value);
        }
      }
    }
  }

  private static MalformedException damagedExtension() {
    return new MalformedException("holds a damaged extended header");
  }

  private static long number(Map<String, String> fields, String key, long otherwise)
      throws IOException {
    String text = fields.get(key);
    return text == null ? otherwise : number(text);
  }

  private static long number(String text) throws IOException {
    if (!text.matches("\\d{1,18}")) {
      throw damagedExtension();
    }
    return Long.parseLong(text);
  }

  /** A field of octal digits, or GNU's binary form for what these cannot hold. */
  private long number(int start, int length) throws IOException {
    if ((header[start] & 0x80) != 0) {
      if ((header[start] & 0x40) != 0) {
        throw new MalformedException("holds an entry with a negative number");
      }
      long value = header[start] & 0x3f;
      for (int i = 1; i < length; i++) {
        if (value >>> 54 != 0) {
          throw new MalformedException("holds an entry with an impossible number");
        }
        value = value << 8 | header[start + i] & 0xff;
      }
      return value;
    }
    long value = 0;
    boolean begun = false;
    for (int i = start; i < start + length; i++) {
      byte b = header[i];
      if (b >= '0' && b <= '7') {
        begun = true;
        value = value << 3 | b - '0';
      } else if (b != 0 && b != ' ') {
        throw new MalformedException("holds a damaged header");
      } else if (begun) {
        break;
      }
    }
    return value;
  }

  private String text(int start, int length) {
    int end = start;
    while (end < start + length && header[end] != 0) {
      end++;
    }
    return FileNames.decode(header, start, end);
  }

  private void readFully(byte[] bytes, int length) throws IOException {
    int got = in.readNBytes(bytes, 0, length);
    offset += got;
    if (got < length) {
      throw truncated();
    }
  }

  private static MalformedException truncated() {
    return new MalformedException("ends in the middle of an entry");
  }

  /** Returns the rest of the present entry, the holes of a sparse file filled with zeros. */
  InputStream content() {
    return content;
  }

  /** The bytes that follow a header. */
  private final class Stored extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int got = in.read(bytes, from, (int) Math.min(length, left));
      if (got < 0) {
        throw truncated();
      }
      left -= got;
      offset += got;
      return got;
    }
  }

  /** Skips what is left of the present entry without looking at it. */
  private void skip() throws IOException {
    long rest = left + padding;
    left = 0;
    padding = 0;
    while (rest > 0) {
      int got = in.read(skipped, 0, (int) Math.min(skipped.length, rest));
      if (got < 0) {
        throw truncated();
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
