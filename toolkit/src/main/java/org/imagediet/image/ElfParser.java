package org.imagediet.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads ELF headers (see elf(5)) and Go build information from bytes that may be anything: every
 * offset is checked, every table bounded.
 */
public final class ElfParser {

  private static final int MOST_HEADERS = 4096;
  private static final int MOST_TEXT = 4096;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int DT_FLAGS_1 = 0x6ffffffb;
  private static final int DF_1_PIE = 0x08000000;
  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final byte[] GO_MAGIC =
      "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] UPX = "UPX!".getBytes(StandardCharsets.US_ASCII);

  private final ByteBuffer bytes;
  private final boolean wide;
  private final List<Segment> segments = new ArrayList<>();

  private record Segment(int type, long offset, long address, long size) {}

  private ElfParser(byte[] file, int length) {
    wide = file[4] == 2;
    bytes = ByteBuffer.wrap(file, 0, length);
    bytes.order(file[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns whether a file begins as an ELF file does. */
  public static boolean elf(byte[] start, int length) {
    return length >= 64
        && start[0] == 0x7f
        && start[1] == 'E'
        && start[2] == 'L'
        && start[3] == 'F';
  }

  /**
   * Parses a file.
   *
   * @param length how many of the bytes belong to it
   * @return nothing when it is no ELF file or a broken one
   */
  public static Optional<ElfFile> parse(byte[] file, int length) {
    if (!elf(file, length) || file[4] < 1 || file[4] > 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ElfParser(file, length).parse());
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private ElfFile parse() {
    int type = bytes.getShort(16) & 0xffff;
    String machine = machine(bytes.getShort(18) & 0xffff);
    readSegments();
    Optional<String> interpreter = Optional.empty();
    List<String> needed = List.of();
    boolean pie = false;
    boolean dynamic = false;
    for (Segment segment : segments) {
      if (segment.type() == PT_INTERP) {
        interpreter = Optional.of(text(segment.offset()));
      } else if (segment.type() == PT_DYNAMIC) {
        dynamic = true;
        List<String> names = new ArrayList<>();
        pie = readDynamic(segment, names);
        needed = List.copyOf(names);
      }
    }
    List<String> sections = sectionNames();
    ElfFile.Kind kind = kind(type, interpreter.isPresent(), !needed.isEmpty(), pie, dynamic);
    return new ElfFile(
        machine,
        kind,
        interpreter,
        needed,
        sections.contains(".symtab"),
        sections.stream()
            .filter(name -> name.startsWith(".debug_") || name.startsWith(".zdebug_"))
            .toList(),
        goBuildInfo(),
        indexOf(UPX, 0, Math.min(bytes.limit(), 4096)) >= 0);
  }

  private ElfFile.Kind kind(
      int type, boolean interpreter, boolean needs, boolean pie, boolean dynamic) {
    if (type == ET_EXEC) {
      return interpreter || needs ? ElfFile.Kind.DYNAMIC : ElfFile.Kind.STATIC;
    }
    if (type != ET_DYN) {
      return ElfFile.Kind.OTHER;
    }
    if (interpreter) {
      return ElfFile.Kind.DYNAMIC;
    }
    // What asks for libraries but for no loader is one itself.
    boolean program = pie || !dynamic;
    return program && !needs ? ElfFile.Kind.STATIC_PIE : ElfFile.Kind.LIBRARY;
  }

  private static String machine(int code) {
    return switch (code) {
      case 3 -> "386";
      case 40 -> "arm";
      case 62 -> "amd64";
      case 183 -> "arm64";
      case 243 -> "riscv64";
      case 21 -> "ppc64";
      case 22 -> "s390x";
      default -> "machine " + code;
    };
  }

  private void readSegments() {
    long table = wide ? bytes.getLong(32) : bytes.getInt(28) & 0xffffffffL;
    int size = bytes.getShort(wide ? 54 : 42) & 0xffff;
    int count = Math.min(bytes.getShort(wide ? 56 : 44) & 0xffff, MOST_HEADERS);
    for (int i = 0; i < count; i++) {
      int at = index(table + (long) i * size);
      int type = bytes.getInt(at);
      segments.add(
          wide
              ? new Segment(
                  type, bytes.getLong(at + 8), bytes.getLong(at + 16), bytes.getLong(at + 32))
              : new Segment(
                  type,
                  bytes.getInt(at + 4) & 0xffffffffL,
                  bytes.getInt(at + 8) & 0xffffffffL,
                  bytes.getInt(at + 16) & 0xffffffffL));
    }
  }

  private boolean readDynamic(Segment segment, List<String> needed) {
    int entry = wide ? 16 : 8;
    long strings = -1;
    boolean pie = false;
    List<Long> names = new ArrayList<>();
    long count = Math.min(segment.size() / entry, MOST_HEADERS);
    for (int i = 0; i < count; i++) {
      int at = index(segment.offset() + (long) i * entry);
      long tag = wide ? bytes.getLong(at) : bytes.getInt(at);
      long value = wide ? bytes.getLong(at + 8) : bytes.getInt(at + 4) & 0xffffffffL;
      if (tag == 0) {
        break;
      } else if (tag == DT_NEEDED) {
        names.add(value);
      } else if (tag == DT_STRTAB) {
        strings = offset(value);
      } else if (tag == DT_FLAGS_1) {
        pie = (value & DF_1_PIE) != 0;
      }
    }
    for (long name : names) {
      if (strings >= 0) {
        needed.add(text(strings + name));
      }
    }
    return pie;
  }

  /** Where an address of the running program lies in the file. */
  private long offset(long address) {
    for (Segment segment : segments) {
      if (segment.type() == PT_LOAD
          && address >= segment.address()
          && address < segment.address() + segment.size()) {
        return address - segment.address() + segment.offset();
      }
    }
    return -1;
  }

  private List<String> sectionNames() {
    List<String> names = new ArrayList<>();
    try {
      long table = wide ? bytes.getLong(40) : bytes.getInt(32) & 0xffffffffL;
      int size = bytes.getShort(wide ? 58 : 46) & 0xffff;
      int count = Math.min(bytes.getShort(wide ? 60 : 48) & 0xffff, MOST_HEADERS);
      int nameIndex = bytes.getShort(wide ? 62 : 50) & 0xffff;
      if (table == 0 || count == 0 || nameIndex >= count) {
        return names;
      }
      int nameHeader = index(table + (long) nameIndex * size);
      long strings =
          wide ? bytes.getLong(nameHeader + 24) : bytes.getInt(nameHeader + 16) & 0xffffffffL;
      for (int i = 0; i < count; i++) {
        int at = index(table + (long) i * size);
        names.add(text(strings + (bytes.getInt(at) & 0xffffffffL)));
      }
    } catch (IndexOutOfBoundsException e) {
      // A file without a whole section table runs all the same; what was read stands.
    }
    return names;
  }

  private int index(long offset) {
    if (offset < 0 || offset >= bytes.limit()) {
      throw new IndexOutOfBoundsException();
    }
    return (int) offset;
  }

  private String text(long offset) {
    int start = index(offset);
    int end = start;
    while (end < bytes.limit() && end - start < MOST_TEXT && bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - start];
    bytes.get(start, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The format since Go 1.18: magic, pointer size, flags, and two strings from byte 32 on. */
  private Optional<GoBuildInfo> goBuildInfo() {
    for (int at = indexOf(GO_MAGIC, 0, bytes.limit());
        at >= 0;
        at = indexOf(GO_MAGIC, at + 1, bytes.limit())) {
      if (at % 16 != 0 || at + 33 > bytes.limit() || (bytes.get(at + 15) & 2) == 0) {
        continue;
      }
      int[] position = {at + 32};
      Optional<String> version = lengthPrefixed(position);
      Optional<String> module = lengthPrefixed(position);
      if (version.filter(v -> v.startsWith("go") || v.startsWith("devel")).isPresent()) {
        return Optional.of(goBuildInfo(version.get(), module.orElse("")));
      }
    }
    return Optional.empty();
  }

  private Optional<String> lengthPrefixed(int[] position) {
    long length = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position[0] >= bytes.limit()) {
        return Optional.empty();
      }
      int next = bytes.get(position[0]++) & 0xff;
      length |= (long) (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        break;
      }
    }
    if (length > 1 << 20 || position[0] + length > bytes.limit()) {
      return Optional.empty();
    }
    byte[] text = new byte[(int) length];
    bytes.get(position[0], text);
    position[0] += (int) length;
    return Optional.of(new String(text, StandardCharsets.UTF_8));
  }

  private static GoBuildInfo goBuildInfo(String version, String framed) {
    // Sixteen bytes of marks stand before and behind the text.
    String text = framed.length() >= 33 ? framed.substring(16, framed.length() - 16) : "";
    String path = "";
    String module = "";
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : text.lines().limit(2000).toList()) {
      String[] fields = line.split("\t");
      if (fields.length >= 2 && fields[0].equals("path")) {
        path = fields[1];
      } else if (fields.length >= 2 && fields[0].equals("mod")) {
        module = fields[1];
      } else if (fields.length >= 2 && fields[0].equals("build") && fields[1].contains("=")) {
        int equals = fields[1].indexOf('=');
        settings.put(fields[1].substring(0, equals), fields[1].substring(equals + 1));
      }
    }
    return new GoBuildInfo(version, path, module, settings);
  }

  private int indexOf(byte[] wanted, int from, int to) {
    byte[] array = bytes.array();
    outer:
    for (int i = from; i <= to - wanted.length; i++) {
      if (array[i] != wanted[0]) {
        continue;
      }
      for (int j = 1; j < wanted.length; j++) {
        if (array[i + j] != wanted[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }
}
