package org.imagediet.engine;

/**
 * The most that may go of the machine while something untrusted runs; of disk and memory also never
 * more than nine tenths of what was free. They hold where the engine is on this machine and its
 * storage can be seen.
 *
 * @param processes processes and threads
 */
public record MachineLimits(long diskBytes, long memoryBytes, long processes) {

  /** What no lab's build comes near. */
  public static final MachineLimits OF_A_BUILD =
      new MachineLimits(10_000_000_000L, Long.MAX_VALUE, 5_000);

  /** For what a container's own limits leave open: the disk, with its volumes. */
  static final MachineLimits OF_A_CONTAINER =
      new MachineLimits(5_000_000_000L, Long.MAX_VALUE, Long.MAX_VALUE);
}
