package org.imagediet.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * File names as text, without loss. Linux takes any bytes for a name, and those that are not UTF-8
 * must still be told apart, belong to the folder that they lie in, and be found again in a running
 * container. So a byte that is part of no character becomes a character of private use, {@code
 * U+10FE00} and its value; and so does every byte of a name that holds such a character itself.
 */
public final class FileNames {

  private static final int FIRST = 0x10FE00;
  private static final int LAST = FIRST + 0xFF;

  private FileNames() {}

  /** Returns the text of some bytes; different bytes give different texts. */
  static String decode(byte[] bytes, int start, int end) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes, start, end - start);
    CharBuffer out = CharBuffer.allocate(end - start);
    StringBuilder text = new StringBuilder();
    CoderResult result;
    do {
      result = decoder.decode(in, out, true);
      append(text, out.flip());
      out.clear();
      if (result.isError()) {
        for (int i = 0; i < result.length(); i++) {
          text.appendCodePoint(FIRST + (in.get() & 0xff));
        }
      }
    } while (result.isError());
    return text.toString();
  }

  private static void append(StringBuilder text, CharBuffer decoded) {
    decoded
        .codePoints()
        .forEach(
            c -> {
              if (c < FIRST || c > LAST) {
                text.appendCodePoint(c);
              } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  text.appendCodePoint(FIRST + (b & 0xff));
                }
              }
            });
  }

  /** Returns whether a name that was decoded is UTF-8, so that others know it by the same text. */
  public static boolean utf8(String name) {
    return name.codePoints().noneMatch(c -> c >= FIRST && c <= LAST);
  }

  /** Returns the bytes that a text was decoded from. */
  static byte[] encode(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    name.codePoints()
        .forEach(
            c -> {
              if (c < FIRST || c > LAST) {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              } else {
                bytes.write(c - FIRST);
              }
            });
    return bytes.toByteArray();
  }
}
