package org.imagediet.compose;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes, times and parts of a processor, as compose files write them. */
final class Quantities {

  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?) ?([bkmgt]?)(?:i?b)?");
  private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|h)");
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Quantities() {}

  /** Reads {@code 64m}, {@code 64mb}, {@code 1.5g} or bytes; units are powers of 1024. */
  static OptionalLong bytes(String text) {
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    int power = size.group(2).isEmpty() ? 0 : "bkmgt".indexOf(size.group(2));
    return whole(new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1L << 10 * power)));
  }

  /** Reads {@code 0.5}. */
  static OptionalLong nanoCpus(String text) {
    return text.matches("\\d{0,9}(\\.\\d{0,9})?") && text.matches(".*\\d.*")
        ? whole(new BigDecimal(text).multiply(NANOS))
        : OptionalLong.empty();
  }

  /** Reads {@code 1m30s}. */
  static Optional<Duration> time(String text) {
    Matcher part = TIME.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanos(part.group(2))));
      end = part.end();
    }
    return end < text.length() || text.isEmpty() || nanos.compareTo(MOST) > 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanos.longValue()));
  }

  private static BigDecimal nanos(String unit) {
    return switch (unit) {
      case "us" -> BigDecimal.valueOf(1_000);
      case "ms" -> BigDecimal.valueOf(1_000_000);
      case "s" -> NANOS;
      case "m" -> NANOS.multiply(BigDecimal.valueOf(60));
      default -> NANOS.multiply(BigDecimal.valueOf(3600));
    };
  }

  private static OptionalLong whole(BigDecimal number) {
    return number.compareTo(MOST) > 0 ? OptionalLong.empty() : OptionalLong.of(number.longValue());
  }
}
