package org.imagediet.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A small ELF file in the making, with what a loader and a reader look at and no code. */
public final class ElfBytes {

  private static final long BASE = 0x400000;
  private static final int HEADERS = 1024;

  private final boolean wide;
  private final ByteOrder order;
  private final List<String> needed = new ArrayList<>();
  private final List<String> sections = new ArrayList<>();
  private String interpreter = "";
  private int type = 2;
  private boolean dynamic;
  private boolean pie;
  private int paddingBefore;
  private int paddingAfter;
  private byte[] body = new byte[0];

  private ElfBytes(boolean wide, ByteOrder order) {
    this.wide = wide;
    this.order = order;
  }

  /** Starts a program for 64 bits, little end first. */
  public static ElfBytes program() {
    return new ElfBytes(true, ByteOrder.LITTLE_ENDIAN);
  }

  static ElfBytes program(boolean wide, ByteOrder order) {
    return new ElfBytes(wide, order);
  }

  public ElfBytes interpreter(String path) {
    interpreter = path;
    return this;
  }

  public ElfBytes needs(String library) {
    needed.add(library);
    dynamic = true;
    return this;
  }

  public ElfBytes sharedObject() {
    type = 3;
    dynamic = true;
    return this;
  }

  public ElfBytes staticPie() {
    pie = true;
    return sharedObject();
  }

  public ElfBytes section(String name) {
    sections.add(name);
    return this;
  }

  /** Adds texts as a program holds them, each ended by a zero. */
  public ElfBytes texts(String... texts) {
    return body((String.join("\0", texts) + "\0").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Adds Go's build information as the linker has written it since Go 1.18. */
  public ElfBytes go(String version, String module) {
    ByteArrayOutputStream info = new ByteArrayOutputStream();
    info.writeBytes("\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1));
    info.write(8);
    info.write(2);
    info.writeBytes(new byte[16]);
    prefixed(info, version);
    prefixed(info, "0123456789abcdef" + module + "0123456789abcdef");
    return body(info.toByteArray());
  }

  private static void prefixed(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int left = bytes.length;
    for (; left >= 0x80; left >>= 7) {
      out.write(left & 0x7f | 0x80);
    }
    out.write(left);
    out.writeBytes(bytes);
  }

  private ElfBytes body(byte[] bytes) {
    body = bytes;
    return this;
  }

  /** Puts zeros before and behind the body; the section table stays at the end. */
  public ElfBytes padding(int before, int after) {
    paddingBefore = before;
    paddingAfter = after;
    return this;
  }

  public byte[] bytes() {
    ByteArrayOutputStream strings = new ByteArrayOutputStream();
    strings.write(0);
    List<Integer> names = new ArrayList<>();
    needed.forEach(name -> names.add(add(strings, name)));
    ByteArrayOutputStream sectionStrings = new ByteArrayOutputStream();
    sectionStrings.write(0);
    List<String> all = new ArrayList<>(sections);
    if (!all.isEmpty()) {
      all.add(".shstrtab");
    }
    List<Integer> sectionNames = new ArrayList<>();
    all.forEach(name -> sectionNames.add(add(sectionStrings, name)));

    int word = wide ? 8 : 4;
    int strtab = HEADERS;
    int interp = strtab + strings.size();
    int bodyAt = align(interp + interpreter.length() + 1 + paddingBefore);
    int dynamicAt = align(bodyAt + body.length);
    int dynamicSize = dynamic ? (needed.size() + 3) * 2 * word : 0;
    int shstrtab = align(dynamicAt + dynamicSize + paddingAfter);
    int table = align(shstrtab + sectionStrings.size());
    int sectionSize = wide ? 64 : 40;
    ByteBuffer file = ByteBuffer.allocate(table + (all.size() + 1) * sectionSize).order(order);

    file.put(new byte[] {0x7f, 'E', 'L', 'F'});
    file.put((byte) (wide ? 2 : 1)).put((byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1));
    file.put((byte) 1).position(16);
    file.putShort((short) type).putShort((short) 62).putInt(1);
    word(file, BASE);
    word(file, wide ? 64 : 52);
    word(file, all.isEmpty() ? 0 : table);
    List<long[]> segments = new ArrayList<>();
    segments.add(new long[] {1, 0, table});
    if (!interpreter.isEmpty()) {
      segments.add(new long[] {3, interp, interpreter.length() + 1});
    }
    if (dynamic) {
      segments.add(new long[] {2, dynamicAt, dynamicSize});
    }
    file.putInt(0).putShort((short) (wide ? 64 : 52)).putShort((short) (wide ? 56 : 32));
    file.putShort((short) segments.size()).putShort((short) sectionSize);
    file.putShort((short) (all.isEmpty() ? 0 : all.size() + 1)).putShort((short) all.size());
    for (long[] segment : segments) {
      file.putInt((int) segment[0]);
      if (wide) {
        file.putInt(4);
      }
      word(file, segment[1]);
      word(file, BASE + segment[1]);
      word(file, BASE + segment[1]);
      word(file, segment[2]);
      word(file, segment[2]);
      word(file, 0);
      if (!wide) {
        file.putInt(0);
      }
    }
    file.position(strtab);
    file.put(strings.toByteArray());
    file.put(interpreter.getBytes(StandardCharsets.US_ASCII));
    file.position(bodyAt);
    file.put(body);
    file.position(dynamicAt);
    if (dynamic) {
      names.forEach(name -> word(word(file, 1), name));
      word(word(file, 5), BASE + strtab);
      word(word(file, 0x6ffffffbL), pie ? 0x08000000 : 0);
    }
    file.position(shstrtab);
    file.put(sectionStrings.toByteArray());
    for (int i = 0; i < all.size(); i++) {
      int at = table + (i + 1) * sectionSize;
      file.putInt(at, sectionNames.get(i));
      boolean last = i == all.size() - 1;
      if (wide) {
        file.putLong(at + 24, last ? shstrtab : 0);
      } else {
        file.putInt(at + 16, last ? shstrtab : 0);
      }
    }
    return file.array();
  }

  private ByteBuffer word(ByteBuffer file, long value) {
    return wide ? file.putLong(value) : file.putInt((int) value);
  }

  private static int add(ByteArrayOutputStream strings, String text) {
    int at = strings.size();
    strings.writeBytes((text + "\0").getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private static int align(int at) {
    return (at + 15) / 16 * 16;
  }
}
