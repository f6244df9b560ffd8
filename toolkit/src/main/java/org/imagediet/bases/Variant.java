package org.imagediet.bases;

/**
 * A distroless variant.
 *
 * @param flavour such as {@code base-nossl}
 * @param image the name of its image for the user {@code nonroot}
 */
public record Variant(String flavour, String image) {

  private static final double NOTICEABLE = 0.1;

  /**
   * Returns whether a base is so much smaller than another one that its size decides. Variants of
   * about the same size, such as cc and java-base, are told apart by purpose.
   */
  public static boolean noticeablySmaller(long bytes, long than) {
    return bytes < (1 - NOTICEABLE) * than;
  }
}
