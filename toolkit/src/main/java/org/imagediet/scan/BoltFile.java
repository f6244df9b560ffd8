package org.imagediet.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a key-value file in the format of bbolt (<a
 * href="https://github.com/etcd-io/bbolt">github.com/etcd-io/bbolt</a>, version 2), which scanners
 * keep their databases in. Buckets may hold buckets; each is one leaf page, however long, so that
 * no branch pages are needed.
 */
final class BoltFile {

  /** What the count of a page has room for. */
  private static final int MOST_ENTRIES = 0xFFFF;

  private static final int PAGE = 4096;
  private static final int PAGE_HEADER = 16;
  private static final int ELEMENT = 16;
  private static final int BUCKET_HEADER = 16;

  private static final int LEAF_PAGE = 0x02;
  private static final int META_PAGE = 0x04;
  private static final int FREE_LIST_PAGE = 0x10;
  private static final int BUCKET_ELEMENT = 0x01;

  private static final int MAGIC = 0xED0CDAED;
  private static final int VERSION = 2;

  /** Where the checksum stands in a meta record: after all that it covers. */
  private static final int META_CHECKED = 56;

  /** A larger bucket, or one with buckets in it, gets a page of its own, as bbolt does it. */
  private static final int MOST_INLINE = PAGE / 4;

  private static final int FREE_LIST = 2;
  private static final int FIRST_DATA_PAGE = 3;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final Map<Long, byte[]> pages = new LinkedHashMap<>();
  private long next = FIRST_DATA_PAGE;

  private BoltFile() {}

  /** A sorted map of keys to values and to further buckets. */
  static final class Bucket {

    /** Go compares keys as unsigned bytes. */
    private final TreeMap<byte[], Object> entries = new TreeMap<>(Arrays::compareUnsigned);

    /** Returns the bucket of a name, made when it is not there. */
    Bucket bucket(String name) {
      return (Bucket) entries.computeIfAbsent(bytes(name), key -> new Bucket());
    }

    /** Sets a value. */
    void put(String key, byte[] value) {
      entries.put(bytes(key), value);
    }

    private boolean nested() {
      return entries.values().stream().anyMatch(Bucket.class::isInstance);
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Writes a file, in place of what is there.
   *
   * @throws IllegalArgumentException when a bucket has more than 65535 entries
   */
  static void write(Path file, Bucket root) throws IOException {
    BoltFile bolt = new BoltFile();
    long rootPage = bolt.place(bolt.leaf(root));
    ByteBuffer all = buffer(Math.toIntExact(bolt.next * PAGE));
    for (int meta = 0; meta < 2; meta++) {
      all.position(meta * PAGE);
      header(all, meta, META_PAGE, 0, 0);
      all.put(meta(rootPage, bolt.next, meta));
    }
    all.position(FREE_LIST * PAGE);
    header(all, FREE_LIST, FREE_LIST_PAGE, 0, 0);
    bolt.pages.forEach(
        (id, bytes) -> {
          all.position(Math.toIntExact(id * PAGE));
          all.put(bytes);
        });
    Files.write(file, all.array());
  }

  /** Gives a page a place, and returns its number. */
  private long place(byte[] page) {
    long id = next;
    int count = (page.length + PAGE - 1) / PAGE;
    buffer(page).putLong(0, id).putInt(12, count - 1);
    pages.put(id, page);
    next += count;
    return id;
  }

  /** A leaf page, its number and overflow still zero. */
  private byte[] leaf(Bucket bucket) {
    if (bucket.entries.size() > MOST_ENTRIES) {
      throw new IllegalArgumentException("a bucket takes at most " + MOST_ENTRIES + " entries");
    }
    Map<byte[], byte[]> values = new LinkedHashMap<>();
    int size = PAGE_HEADER;
    for (Map.Entry<byte[], Object> entry : bucket.entries.entrySet()) {
      byte[] value =
          entry.getValue() instanceof Bucket inner ? value(inner) : (byte[]) entry.getValue();
      values.put(entry.getKey(), value);
      size += ELEMENT + entry.getKey().length + value.length;
    }
    ByteBuffer page = buffer(size);
    header(page, 0, LEAF_PAGE, values.size(), 0);
    int data = PAGE_HEADER + values.size() * ELEMENT;
    for (Map.Entry<byte[], byte[]> entry : values.entrySet()) {
      byte[] key = entry.getKey();
      boolean inner = bucket.entries.get(key) instanceof Bucket;
      // The position counts from the element itself.
      int position = data - page.position();
      page.putInt(inner ? BUCKET_ELEMENT : 0).putInt(position).putInt(key.length);
      page.putInt(entry.getValue().length);
      page.duplicate().position(data).put(key).put(entry.getValue());
      data += key.length + entry.getValue().length;
    }
    return page.array();
  }

  /** What a bucket's own entry holds: where its page is, or the page itself. */
  private byte[] value(Bucket bucket) {
    byte[] page = leaf(bucket);
    if (bucket.nested() || page.length > MOST_INLINE) {
      return buffer(BUCKET_HEADER).putLong(place(page)).array();
    }
    return buffer(BUCKET_HEADER + page.length).position(BUCKET_HEADER).put(page).array();
  }

  private static byte[] meta(long rootPage, long pages, long transaction) {
    ByteBuffer meta = buffer(META_CHECKED + Long.BYTES);
    meta.putInt(MAGIC).putInt(VERSION).putInt(PAGE).putInt(0);
    meta.putLong(rootPage).putLong(0);
    meta.putLong(FREE_LIST).putLong(pages).putLong(transaction);
    return meta.putLong(checksum(meta.array(), META_CHECKED)).array();
  }

  /** FNV-1a in 64 bits. */
  private static long checksum(byte[] bytes, int length) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ (bytes[i] & 0xFF)) * FNV_PRIME;
    }
    return hash;
  }

  private static void header(ByteBuffer at, long id, int flags, int count, int overflow) {
    at.putLong(id).putShort((short) flags).putShort((short) count).putInt(overflow);
  }

  private static ByteBuffer buffer(int size) {
    return buffer(new byte[size]);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
