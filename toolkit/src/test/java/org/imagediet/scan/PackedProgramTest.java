package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;

class PackedProgramTest {

  private static final int ELF_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int HEADERS = ELF_HEADER + 3 * PROGRAM_HEADER;
  private static final int SECOND = 8192;
  private static final int LZMA = 14;

  @TempDir Path temp;

  private final byte[] code = new byte[5000];
  private final byte[] data = new byte[3000];
  private Path packed;
  private Path program;

  @BeforeEach
  void fill() {
    Random random = new Random(1);
    random.nextBytes(code);
    random.nextBytes(data);
    packed = temp.resolve("packed");
    program = temp.resolve("program");
  }

  /** An ELF header, a note, and two pieces that are loaded, the first with the headers in it. */
  private byte[] headers() {
    ByteBuffer headers = ByteBuffer.allocate(HEADERS).order(ByteOrder.LITTLE_ENDIAN);
    headers.putLong(32, ELF_HEADER);
    headers.putShort(54, (short) PROGRAM_HEADER);
    headers.putShort(56, (short) 3);
    headers.putInt(ELF_HEADER, 4);
    headers.putLong(ELF_HEADER + 8, 40);
    headers.putInt(ELF_HEADER + PROGRAM_HEADER, 1);
    headers.putInt(ELF_HEADER + 2 * PROGRAM_HEADER, 1);
    headers.putLong(ELF_HEADER + 2 * PROGRAM_HEADER + 8, SECOND);
    return headers.array();
  }

  private byte[] packed(int method, byte[]... blocks) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("loader, and a checksum".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes("UPX!".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(new byte[16]);
    for (byte[] block : blocks) {
      byte[] stream = compressed(block);
      bytes.writeBytes(header(block.length, stream.length + 2, method));
      bytes.writeBytes(new byte[] {0x1a, 0x03});
      bytes.writeBytes(stream);
    }
    bytes.writeBytes(header(0, 4, 0));
    return bytes.toByteArray();
  }

  private static byte[] header(int size, int packedSize, int method) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(size)
        .putInt(packedSize)
        .put((byte) method)
        .array();
  }

  private static byte[] compressed(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LZMA2Options options = new LZMA2Options();
    options.setLcLp(3, 0);
    options.setPb(2);
    try (LZMAOutputStream lzma = new LZMAOutputStream(bytes, options, false)) {
      lzma.write(content);
    }
    return bytes.toByteArray();
  }

  @Test
  @DisplayName("puts each piece where the program's own headers say")
  void unpacks() throws IOException {
    Files.write(packed, packed(LZMA, headers(), code, data));
    PackedProgram.unpack(packed, program);
    byte[] unpacked = Files.readAllBytes(program);
    assertThat(unpacked).hasSize(SECOND + data.length).startsWith(headers());
    assertThat(Arrays.copyOfRange(unpacked, HEADERS, HEADERS + code.length)).isEqualTo(code);
    assertThat(Arrays.copyOfRange(unpacked, HEADERS + code.length, SECOND)).containsOnly(0);
    assertThat(Arrays.copyOfRange(unpacked, SECOND, unpacked.length)).isEqualTo(data);
  }

  @Test
  @DisplayName("says what it cannot unpack")
  void others() throws IOException {
    Files.writeString(packed, "#!/bin/sh\n");
    assertThatThrownBy(() -> PackedProgram.unpack(packed, program))
        .isInstanceOf(IOException.class)
        .hasMessage("the program is not packed by UPX");
    Files.write(packed, packed(2, headers(), code, data));
    assertThatThrownBy(() -> PackedProgram.unpack(packed, program))
        .isInstanceOf(IOException.class)
        .hasMessage("the program is packed in a way that is not known here");
    byte[] whole = packed(LZMA, headers(), code, data);
    Files.write(packed, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> PackedProgram.unpack(packed, program)).isInstanceOf(IOException.class);
    Files.write(packed, packed(LZMA, headers(), code));
    assertThatThrownBy(() -> PackedProgram.unpack(packed, program))
        .isInstanceOf(IOException.class)
        .hasMessage("the packed program is cut off");
  }
}
