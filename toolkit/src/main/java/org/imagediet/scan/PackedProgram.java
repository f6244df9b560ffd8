package org.imagediet.scan;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tukaani.xz.LZMAInputStream;

/**
 * A 64-bit program that UPX packed with LZMA. It unpacks itself each time it starts, which takes
 * seconds for a large one; it can be unpacked once instead. The names of the headers are those of
 * UPX's {@code src/stub/src/include/linux.h}.
 */
final class PackedProgram {

  private static final byte[] MAGIC = "UPX!".getBytes(StandardCharsets.US_ASCII);

  /** From the magic to the first block: the rest of {@code l_info}, and {@code p_info}. */
  private static final int MAGIC_TO_BLOCKS = 20;

  /** The size, the packed size, the method, the filter and two bytes more: {@code b_info}. */
  private static final int BLOCK_HEADER = 12;

  private static final int LZMA = 14;

  /** UPX writes LZMA's three properties into two bytes before its stream. */
  private static final int PROPERTIES = 2;

  /** Where the fields of an ELF header lie, and the offset in a program header. */
  private static final int PROGRAM_HEADERS = 32;

  private static final int PROGRAM_HEADER_SIZE = 54;
  private static final int PROGRAM_HEADER_COUNT = 56;
  private static final int LOADED = 1;
  private static final int OFFSET_IN_HEADER = 8;

  private final ByteBuffer packed;

  /** A piece of the program, packed. */
  private record Block(int at, int packedSize, int size) {}

  private PackedProgram(byte[] packed) {
    this.packed = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Writes what a program is when it is unpacked, as far as it is ever loaded.
   *
   * @throws IOException when it is not packed in this way, or a file cannot be read or written
   */
  static void unpack(Path packed, Path program) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(program), 1 << 16)) {
      new PackedProgram(Files.readAllBytes(packed)).unpack(out);
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("the packed program is cut off", e);
    }
  }

  private void unpack(OutputStream out) throws IOException {
    List<Block> blocks = blocks();
    // The first block is the program's own headers; they say where the others belong.
    ByteBuffer headers =
        ByteBuffer.wrap(unpacked(blocks.get(0)).readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    out.write(headers.array());
    long at = headers.capacity();
    int next = 1;
    for (long offset : loadedFrom(headers)) {
      for (; at < offset; at++) {
        out.write(0);
      }
      Block block = blocks.get(next++);
      unpacked(block).transferTo(out);
      at += block.size();
    }
  }

  private List<Block> blocks() throws IOException {
    int at = magic() + MAGIC_TO_BLOCKS;
    List<Block> blocks = new ArrayList<>();
    while (packed.getInt(at) != 0) {
      int packedSize = packed.getInt(at + Integer.BYTES);
      int method = packed.get(at + 2 * Integer.BYTES);
      int filter = packed.get(at + 2 * Integer.BYTES + 1);
      if (packedSize <= PROPERTIES || method != LZMA || filter != 0) {
        throw new IOException("the program is packed in a way that is not known here");
      }
      blocks.add(new Block(at + BLOCK_HEADER, packedSize, packed.getInt(at)));
      at += BLOCK_HEADER + packedSize;
    }
    return blocks;
  }

  private int magic() throws IOException {
    for (int at = 0; at + MAGIC.length < packed.capacity(); at++) {
      if (packed.slice(at, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
        return at;
      }
    }
    throw new IOException("the program is not packed by UPX");
  }

  private InputStream unpacked(Block block) throws IOException {
    int first = packed.get(block.at());
    int second = packed.get(block.at() + 1);
    int positionBits = first & 7;
    int literalPositionBits = second >> 4;
    int literalContextBits = second & 15;
    byte properties = (byte) ((positionBits * 5 + literalPositionBits) * 9 + literalContextBits);
    return new LZMAInputStream(
        new ByteArrayInputStream(
            packed.array(), block.at() + PROPERTIES, block.packedSize() - PROPERTIES),
        block.size(),
        properties,
        block.size());
  }

  /** Where in the file the pieces begin that are loaded, but for the first's headers. */
  private static List<Long> loadedFrom(ByteBuffer headers) {
    List<Long> offsets = new ArrayList<>();
    int at = (int) headers.getLong(PROGRAM_HEADERS);
    for (int i = 0; i < headers.getShort(PROGRAM_HEADER_COUNT); i++) {
      if (headers.getInt(at) == LOADED) {
        offsets.add(Math.max(headers.capacity(), headers.getLong(at + OFFSET_IN_HEADER)));
      }
      at += headers.getShort(PROGRAM_HEADER_SIZE);
    }
    return offsets;
  }
}
