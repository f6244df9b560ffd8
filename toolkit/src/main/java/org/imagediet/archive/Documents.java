package org.imagediet.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The JSON files of an archive. Those that are too large are only remembered as that: a bill of
 * materials that nobody asks for may be, a manifest may not.
 */
final class Documents {

  private static final int MOST_TIMES = 4;

  private final Limits limits;
  private final Map<String, byte[]> documents = new TreeMap<>();
  private final Set<String> tooLarge = new HashSet<>();
  private long bytes;

  Documents(Limits limits) {
    this.limits = limits;
  }

  void add(String name, InputStream in) throws IOException {
    byte[] document = in.readNBytes(limits.documentBytes() + 1);
    boolean index = name.equals("manifest.json") || name.equals("index.json");
    boolean full = bytes + document.length > (long) MOST_TIMES * limits.documentBytes();
    if (document.length > limits.documentBytes() || full && !index) {
      tooLarge.add(name);
      return;
    }
    bytes += document.length;
    documents.put(name, document);
  }

  boolean has(String name) {
    return documents.containsKey(name) || tooLarge.contains(name);
  }

  /** Returns a document, or nothing when the archive lacks it. */
  Optional<byte[]> find(String name) {
    if (tooLarge.contains(name)) {
      throw new ArchiveException(
          "The document %s is too large to be read; the limit is %d bytes."
              .formatted(shortened(name), limits.documentBytes()));
    }
    return Optional.ofNullable(documents.get(name));
  }

  byte[] require(String name, String archive) {
    return find(name)
        .orElseThrow(() -> new ArchiveException("%s lacks %s.".formatted(archive, name)));
  }

  /** A name of the archive's own, in a length fit for a message. */
  static String shortened(String name) {
    return name.length() > 120 ? name.substring(0, 120) + "..." : name;
  }
}
