package org.imagediet.image;

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
  private static final int MOST_BUILD_INFO = 1 << 20;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int DT_FLAGS_1 = 0x6ffffffb;
  private static final int DF_1_PIE = 0x08000000;
  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final byte[] UPX = "UPX!".getBytes(StandardCharsets.US_ASCII);

  private final FileParts file;
  private final boolean wide;
  private final boolean bigEndian;
  private final List<Segment> segments = new ArrayList<>();

  private record Segment(int type, long offset, long address, long size) {}

  private ElfParser(FileParts file) {
    this.file = file;
    wide = file.at(4) == 2;
    bigEndian = file.at(5) == 2;
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
   * @param goBuildInfo where {@link ProgramMarkers.Search} saw the mark of Go's build information
   * @return nothing when it is no ELF file or a broken one
   */
  public static Optional<ElfFile> parse(FileParts file, List<Long> goBuildInfo) {
    try {
      return Optional.of(new ElfParser(file).parse(goBuildInfo));
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the places of a long file that {@link #parse} will look at, each from a first to a last
   * byte, as far as its beginning tells.
   */
  public static List<long[]> places(FileParts beginning) {
    List<long[]> places = new ArrayList<>();
    try {
      ElfParser parser = new ElfParser(beginning);
      long table = parser.word(parser.wide ? 40 : 32);
      places.add(new long[] {table, table + MOST_HEADERS * 64L});
      parser.readSegments();
      for (Segment segment : parser.segments) {
        if (segment.type() == PT_DYNAMIC) {
          places.add(
              new long[] {
                segment.offset(), segment.offset() + Math.min(segment.size(), MOST_HEADERS * 16L)
              });
        }
      }
    } catch (IndexOutOfBoundsException e) {
      // A broken one; what was found stands.
    }
    return places;
  }

  private ElfFile parse(List<Long> goBuildInfo) {
    int type = half(16);
    String machine = machine(half(18));
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
        word(24) != 0,
        interpreter,
        needed,
        sections.contains(".symtab"),
        sections.stream()
            .filter(name -> name.startsWith(".debug_") || name.startsWith(".zdebug_"))
            .toList(),
        goBuildInfo(goBuildInfo),
        packed());
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

  private boolean packed() {
    for (int at = 0; at < 4096; at++) {
      int same = 0;
      try {
        while (same < UPX.length && file.at(at + same) == UPX[same]) {
          same++;
        }
      } catch (IndexOutOfBoundsException e) {
        return false;
      }
      if (same == UPX.length) {
        return true;
      }
    }
    return false;
  }

  private void readSegments() {
    long table = word(wide ? 32 : 28);
    int size = half(wide ? 54 : 42);
    int count = Math.min(half(wide ? 56 : 44), MOST_HEADERS);
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * size;
      segments.add(
          wide
              ? new Segment((int) number(at, 4), word(at + 8), word(at + 16), word(at + 32))
              : new Segment((int) number(at, 4), word(at + 4), word(at + 8), word(at + 16)));
    }
  }

  private boolean readDynamic(Segment segment, List<String> needed) {
    int entry = wide ? 16 : 8;
    long strings = -1;
    boolean pie = false;
    List<Long> names = new ArrayList<>();
    long count = Math.min(segment.size() / entry, MOST_HEADERS);
    for (int i = 0; i < count; i++) {
      long at = segment.offset() + (long) i * entry;
      long tag = word(at);
      long value = word(at + entry / 2);
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
      long table = word(wide ? 40 : 32);
      int size = half(wide ? 58 : 46);
      int count = Math.min(half(wide ? 60 : 48), MOST_HEADERS);
      int nameIndex = half(wide ? 62 : 50);
      if (table == 0 || count == 0 || nameIndex >= count) {
        return names;
      }
      long strings = word(table + (long) nameIndex * size + (wide ? 24 : 16));
      for (int i = 0; i < count; i++) {
        names.add(text(strings + number(table + (long) i * size, 4)));
      }
    } catch (IndexOutOfBoundsException e) {
      // A file without a whole section table runs all the same; what was read stands.
    }
    return names;
  }

  private int half(long offset) {
    return (int) number(offset, 2);
  }

  /** An address or an offset, as wide as the machine's. */
  private long word(long offset) {
    return number(offset, wide ? 8 : 4);
  }

  private long number(long offset, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | file.at(offset + (bigEndian ? i : length - 1 - i));
    }
    return value;
  }

  private String text(long offset) {
    byte[] text = new byte[MOST_TEXT];
    int length = 0;
    for (int next = file.at(offset);
        next != 0 && length < MOST_TEXT;
        next = file.at(offset + length)) {
      text[length++] = (byte) next;
    }
    return FileNames.decode(text, 0, length);
  }

  /** The format since Go 1.18: magic, pointer size, flags, and two strings from byte 32 on. */
  private Optional<GoBuildInfo> goBuildInfo(List<Long> places) {
    for (long at : places) {
      try {
        if ((file.at(at + 15) & 2) == 0) {
          continue;
        }
        long[] position = {at + 32};
        String version = lengthPrefixed(position);
        String module = lengthPrefixed(position);
        if (version.startsWith("go") || version.startsWith("devel")) {
          return Optional.of(goBuildInfo(version, module));
        }
      } catch (IndexOutOfBoundsException e) {
        // Not the build information but a program that looks for it.
      }
    }
    return Optional.empty();
  }

  private String lengthPrefixed(long[] position) {
    long length = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = file.at(position[0]++);
      length |= (long) (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        break;
      }
    }
    if (length > MOST_BUILD_INFO) {
      throw new IndexOutOfBoundsException();
    }
    byte[] text = new byte[(int) length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) file.at(position[0]++);
    }
    return new String(text, StandardCharsets.UTF_8);
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
}
