package org.imagediet.archive;

/**
 * How much of an archive is read before it is refused.
 *
 * @param entries files, folders and links in all layers; one with a very long name counts as
 *     several
 * @param unpackedBytes bytes of all layers, uncompressed
 * @param headerBytes a long name or an extended header
 * @param nameLength characters of a name or a link's target
 * @param documentBytes a manifest or a configuration
 */
public record Limits(
    long entries, long unpackedBytes, int headerBytes, int nameLength, int documentBytes) {

  /** An entry costs about 500 bytes of heap; half of the heap is left for the rest. */
  private static final long ENTRY_HEAP = 1000;

  private static final long MOST_ENTRIES = 2_000_000;

  /** Returns limits that any honest image stays below and this heap can hold. */
  public static Limits defaults() {
    return new Limits(
        Math.min(MOST_ENTRIES, Runtime.getRuntime().maxMemory() / ENTRY_HEAP),
        32L << 30,
        1 << 20,
        // PATH_MAX of Linux; a longer one cannot be unpacked.
        4096,
        8 << 20);
  }
}
