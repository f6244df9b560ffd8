package org.imagediet.assertions;

import org.imagediet.image.ContainerImage;
import org.jspecify.annotations.Nullable;

/**
 * The way in, made for a static import: {@code assertThat(image).runsAs(65532).hasNoShell()}. It
 * goes together with a static import of AssertJ's own {@code Assertions.assertThat}.
 */
public final class ImageAssertions {

  private static final long MEGABYTE = 1_000_000;

  private ImageAssertions() {}

  /** Starts an assertion on an image. */
  public static ContainerImageAssert assertThat(@Nullable ContainerImage actual) {
    return new ContainerImageAssert(actual);
  }

  /** Returns so many megabytes in bytes; a MB is 10^6 bytes. */
  public static long megabytes(double megabytes) {
    return Math.round(megabytes * MEGABYTE);
  }
}
