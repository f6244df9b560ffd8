package org.imagediet.archive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A text that an image must not hold.
 *
 * @param name what messages call it; they never show the text itself
 * @param text at least 16 characters of ASCII
 */
public record Secret(String name, String text) {

  private static final int LEAST_CHARACTERS = 16;

  /** Three bytes make four characters, so a text has as many forms as places it can start at. */
  private static final int BASE64_GROUP = 3;

  public Secret {
    if (text.length() < LEAST_CHARACTERS) {
      throw new IllegalArgumentException("too short a text is found everywhere");
    }
  }

  /**
   * One way to write it down.
   *
   * @param how such as {@code in base64}
   * @param bytes what is looked for
   */
  record Form(Secret secret, String how, byte[] bytes) {}

  List<Form> forms() {
    byte[] plain = text.getBytes(StandardCharsets.US_ASCII);
    List<Form> forms = new ArrayList<>();
    forms.add(new Form(this, "as it is", plain));
    String hex = HexFormat.of().formatHex(plain);
    for (String written : List.of(hex, hex.toUpperCase(Locale.ROOT))) {
      forms.add(form("in hexadecimal", written));
    }
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      for (int shift = 0; shift < BASE64_GROUP; shift++) {
        String written = base64(plain, shift, encoder);
        // A line of base64 may end anywhere in it, and then one half is still whole.
        int half = written.length() / 2;
        forms.add(form("in base64", written.substring(0, half)));
        forms.add(form("in base64", written.substring(half)));
      }
    }
    return forms;
  }

  private Form form(String how, String written) {
    return new Form(this, how, written.getBytes(StandardCharsets.US_ASCII));
  }

  /** The characters that stand for this text alone, with so many other bytes before it. */
  private static String base64(byte[] plain, int shift, Base64.Encoder encoder) {
    byte[] shifted = Arrays.copyOf(new byte[shift], shift + plain.length + BASE64_GROUP);
    System.arraycopy(plain, 0, shifted, shift, plain.length);
    int begin = (shift * 8 + 5) / 6;
    int end = (shift + plain.length) * 8 / 6;
    return encoder.encodeToString(shifted).substring(begin, end);
  }
}
