package org.imagediet.scan;

/**
 * A package version, in the order of Debian Policy 5.6.12: epoch, upstream version, revision.
 *
 * @param epoch zero when it is left out
 * @param revision empty when it is left out
 */
record DebianVersion(long epoch, String upstream, String revision)
    implements Comparable<DebianVersion> {

  private static final int MOST_EPOCH_DIGITS = 9;

  /** Takes a version apart; whatever is no version is an upstream version of that text. */
  static DebianVersion parse(String text) {
    int colon = text.indexOf(':');
    boolean epoch =
        colon > 0
            && colon <= MOST_EPOCH_DIGITS
            && text.substring(0, colon).chars().allMatch(DebianVersion::digit);
    String rest = epoch ? text.substring(colon + 1) : text;
    int dash = rest.lastIndexOf('-');
    return new DebianVersion(
        epoch ? Long.parseLong(text.substring(0, colon)) : 0,
        dash < 0 ? rest : rest.substring(0, dash),
        dash < 0 ? "" : rest.substring(dash + 1));
  }

  @Override
  public int compareTo(DebianVersion other) {
    int order = Long.compare(epoch, other.epoch);
    order = order != 0 ? order : compare(upstream, other.upstream);
    return order != 0 ? order : compare(revision, other.revision);
  }

  /** Compares parts without and with digits by turns. */
  private static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      while (!digit(at(a, i)) && i < a.length() || !digit(at(b, j)) && j < b.length()) {
        int order = Integer.compare(weight(at(a, i)), weight(at(b, j)));
        if (order != 0) {
          return order;
        }
        i++;
        j++;
      }
      int endOfA = endOfDigits(a, i);
      int endOfB = endOfDigits(b, j);
      int order = compareNumbers(a.substring(i, endOfA), b.substring(j, endOfB));
      if (order != 0) {
        return order;
      }
      i = endOfA;
      j = endOfB;
    }
    return 0;
  }

  private static int compareNumbers(String a, String b) {
    String x = a.replaceFirst("^0+", "");
    String y = b.replaceFirst("^0+", "");
    return x.length() != y.length()
        ? Integer.compare(x.length(), y.length())
        : Integer.signum(x.compareTo(y));
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (digit(at(text, end))) {
      end++;
    }
    return end;
  }

  /** The character at a place, or 0 after the end. */
  private static int at(String text, int index) {
    return index < text.length() ? text.charAt(index) : 0;
  }

  /** A tilde sorts before the end, letters before all else. */
  private static int weight(int c) {
    if (c == '~') {
      return -1;
    }
    if (c == 0 || digit(c)) {
      return 0;
    }
    boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    return letter ? c : c + Character.MAX_VALUE;
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }
}
