package org.imagediet.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * File names as text, without loss. Linux takes any bytes for a name, and those that are not UTF-8
 * must still be told apart, belong to the folder that they lie in, and be written again as they
 * were. So a byte that is part of no character becomes a character of private use, {@code U+10FE00}
 * and its value; and so does every byte of a name that holds such a character itself.
 */
public final class FileNames {

  private static final int FIRST = 0x10FE00;
  private static final int LAST = FIRST + 0xFF;

  /** The first half, in UTF-16, of those characters and of others of private use. */
  private static final char HALF = Character.highSurrogate(FIRST);

  /** What an engine takes for half of a character in the JSON of a configuration. */
  private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

  private FileNames() {}

  /** Returns the text of some bytes; different bytes give different texts. */
  public static String decode(byte[] bytes, int start, int end) {
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
    int from = text.length();
    text.append(decoded);
    if (text.indexOf(Character.toString(HALF), from) < 0) {
      return;
    }
    int[] characters = text.substring(from).codePoints().toArray();
    text.setLength(from);
    for (int c : characters) {
      if (standsForByte(c)) {
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          text.appendCodePoint(FIRST + (b & 0xff));
        }
      } else {
        text.appendCodePoint(c);
      }
    }
  }

  private static boolean standsForByte(int character) {
    return character >= FIRST && character <= LAST;
  }

  /**
   * Returns the name that is meant by text from elsewhere, such as an image's configuration: the
   * one that {@link #decode} gives for the bytes that an engine makes of it.
   */
  public static String of(String text) {
    try {
      ByteBuffer bytes =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .replaceWith(REPLACEMENT)
              .encode(CharBuffer.wrap(text));
      return decode(bytes.array(), 0, bytes.limit());
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("UTF-8 has all characters", e);
    }
  }

  /** Returns whether a name is one that others know by the same text. */
  public static boolean plain(String name) {
    return name.codePoints().noneMatch(FileNames::standsForByte);
  }

  /** Returns the bytes that a text was decoded from. */
  public static byte[] encode(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    name.codePoints()
        .forEach(
            c -> {
              if (standsForByte(c)) {
                bytes.write(c - FIRST);
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }
}
