package org.imagediet.bases;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Date;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.imagediet.archive.Sha256;

/**
 * One layer in the making: entries by path, written sorted and with zero times, so that the same
 * files give the same bytes.
 */
final class Layer {

  private static final HexFormat HEX = HexFormat.of();

  private final TreeMap<String, Entry> entries = new TreeMap<>();

  /** An entry; paths have no leading and no trailing slash. */
  private record Entry(byte type, int mode, int uid, int gid, String link, byte[] content) {}

  /** Adds the entries of a tar stream, links and owners included. */
  void addTar(InputStream tar, Predicate<String> wanted) throws IOException {
    addTar(tar, wanted, Integer.MAX_VALUE);
  }

  /** Adds the entries of a tar stream, without the files that are larger than a number of bytes. */
  void addTar(InputStream tar, Predicate<String> wanted, int mostBytes) throws IOException {
    TarArchiveInputStream in = new TarArchiveInputStream(tar);
    for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      String path = path(entry.getName());
      if (path.isEmpty() || !wanted.test(path) || entry.getSize() > mostBytes) {
        continue;
      }
      byte type =
          entry.isDirectory()
              ? TarConstants.LF_DIR
              : entry.isSymbolicLink()
                  ? TarConstants.LF_SYMLINK
                  : entry.isLink() ? TarConstants.LF_LINK : TarConstants.LF_NORMAL;
      entries.put(
          path,
          new Entry(
              type,
              entry.getMode() & 07777,
              (int) entry.getLongUserId(),
              (int) entry.getLongGroupId(),
              type == TarConstants.LF_LINK ? path(entry.getLinkName()) : entry.getLinkName(),
              type == TarConstants.LF_NORMAL ? in.readAllBytes() : new byte[0]));
    }
  }

  private static String path(String name) {
    String path = name.startsWith("./") ? name.substring(2) : name;
    path = path.startsWith("/") ? path.substring(1) : path;
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  Layer folder(String path, int mode, int owner) {
    entries.put(path(path), new Entry(TarConstants.LF_DIR, mode, owner, owner, "", new byte[0]));
    return this;
  }

  Layer file(String path, int mode, byte[] content) {
    parents(path(path));
    entries.put(path(path), new Entry(TarConstants.LF_NORMAL, mode, 0, 0, "", content));
    return this;
  }

  Layer file(String path, String content) {
    return file(path, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  Layer link(String path, String target) {
    parents(path(path));
    entries.put(path(path), new Entry(TarConstants.LF_SYMLINK, 0777, 0, 0, target, new byte[0]));
    return this;
  }

  private void parents(String path) {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      entries.putIfAbsent(
          path.substring(0, slash), new Entry(TarConstants.LF_DIR, 0755, 0, 0, "", new byte[0]));
    }
  }

  /** Returns the content of a regular file, or nothing usable when there is none. */
  byte[] content(String path) {
    Entry entry = entries.get(path(path));
    return entry == null ? new byte[0] : entry.content();
  }

  /** Returns the paths that match. */
  java.util.List<String> paths(Predicate<String> wanted) {
    return entries.keySet().stream().filter(wanted).toList();
  }

  void remove(Predicate<String> unwanted) {
    entries.keySet().removeIf(unwanted);
  }

  /** Writes the tar, and returns the digest of its bytes, the layer's diff id. */
  String write(Path file) throws IOException {
    MessageDigest digest = Sha256.begin();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (var each : entries.entrySet()) {
        Entry entry = each.getValue();
        String name = each.getKey() + (entry.type() == TarConstants.LF_DIR ? "/" : "");
        TarArchiveEntry header = new TarArchiveEntry(name, entry.type());
        header.setMode(entry.mode());
        header.setIds(entry.uid(), entry.gid());
        header.setNames("", "");
        header.setModTime(new Date(0));
        header.setLinkName(entry.link());
        header.setSize(entry.content().length);
        tar.putArchiveEntry(header);
        tar.write(entry.content());
        tar.closeArchiveEntry();
      }
    }
    return HEX.formatHex(digest.digest());
  }
}
