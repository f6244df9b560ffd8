package org.imagediet.budget;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes and percentages as people write them, exactly. */
public final class Units {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) ?([A-Za-z]*)");
  private static final Pattern PERCENTAGE = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,6})?) ?%");
  private static final Map<String, Long> FACTORS =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30);
  private static final BigDecimal MOST_BYTES = BigDecimal.valueOf(Snapshot.MOST_BYTES);
  private static final BigDecimal MOST_PERCENT = BigDecimal.valueOf(1000);
  private static final int MOST_SHOWN = 40;

  private Units() {}

  /**
   * Reads a size such as {@code 100kB}, {@code 1.5MB} or {@code 16MiB}; kB, MB and GB are powers of
   * 1000.
   *
   * @return bytes
   * @throws IllegalArgumentException whose message goes on after what the text is for
   */
  public static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          quoted(text) + " is no size; write it such as 100kB, 20MB or 16MiB");
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String unit = matcher.group(2);
    if (unit.isEmpty() && number.signum() == 0) {
      return 0;
    }
    Long factor = FACTORS.get(unit);
    if (factor == null) {
      throw new IllegalArgumentException(
          quoted(text)
              + (unit.isEmpty() ? " has no unit" : " has an unknown unit")
              + "; there are B, kB, MB, GB, KiB, MiB and GiB");
    }
    BigDecimal bytes = number.multiply(BigDecimal.valueOf(factor)).stripTrailingZeros();
    if (bytes.scale() > 0) {
      throw new IllegalArgumentException(quoted(text) + " is no whole number of bytes");
    }
    if (bytes.compareTo(MOST_BYTES) > 0) {
      throw new IllegalArgumentException(quoted(text) + " is larger than any image");
    }
    return bytes.longValueExact();
  }

  /**
   * Reads a percentage such as {@code 5%} or {@code 2.5%}.
   *
   * @return the number before the sign
   * @throws IllegalArgumentException whose message goes on after what the text is for
   */
  public static BigDecimal percentage(String text) {
    Matcher matcher = PERCENTAGE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          quoted(text) + " is no percentage; write it such as 5% or 2.5%");
    }
    BigDecimal percent = new BigDecimal(matcher.group(1)).stripTrailingZeros();
    if (percent.compareTo(MOST_PERCENT) > 0) {
      throw new IllegalArgumentException(quoted(text) + " is more than 1000%");
    }
    return percent;
  }

  private static String quoted(String text) {
    return "'" + (text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text) + "'";
  }
}
