package org.imagediet.archive;

/**
 * How much of an archive is read before it is refused.
 *
 * @param entries files, folders and links in all layers
 * @param unpackedBytes bytes of all layers, uncompressed
 * @param headerBytes a long name or an extended header
 * @param documentBytes a manifest or a configuration
 */
public record Limits(long entries, long unpackedBytes, int headerBytes, int documentBytes) {

  /** An entry costs about 500 bytes of heap; half of the heap is left for the rest. */
  private static final long ENTRY_HEAP = 1000;

  private static final long MOST_ENTRIES = 2_000_000;

  /** Returns limits that any honest image stays below and this heap can hold. */
  public static Limits defaults() {
    return new Limits(
        Math.min(MOST_ENTRIES, Runtime.getRuntime().maxMemory() / ENTRY_HEAP),
        32L << 30,
        1 << 20,
        8 << 20);
  }
}
