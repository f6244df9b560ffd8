package org.imagediet.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.imagediet.image.FileNames;

/**
 * A tar archive in memory; everything in it is root's, unless it is said whose, and readable to
 * all.
 */
public final class TarBytes {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar =
      new TarArchiveOutputStream(bytes, StandardCharsets.ISO_8859_1.name());
  private final Set<String> folders = new HashSet<>();
  private long user;
  private long group;

  /** Begins an archive. */
  public TarBytes() {
    // The other way to write a long name knows no bytes but UTF-8.
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  /** Says whose what follows is, by user and group. */
  public TarBytes ownedBy(long userAndGroup) {
    return ownedBy(userAndGroup, userAndGroup);
  }

  /** Says whose what follows is. */
  public TarBytes ownedBy(long user, long group) {
    this.user = user;
    this.group = group;
    return this;
  }

  /** Adds a folder that everybody may enter and its owner may write to. */
  public TarBytes folder(String path) {
    return folder(path, 0755);
  }

  /** Adds a folder. */
  public TarBytes folder(String path, int mode) {
    folders.add(path);
    return put(path.substring(1) + "/", TarConstants.LF_DIR, mode, new byte[0]);
  }

  /**
   * Adds a folder and, before it, those below another one that it lies in and are not there yet.
   */
  public TarBytes folders(String below, String path) {
    for (int slash = path.indexOf('/', below.length() + 1);
        slash > 0;
        slash = path.indexOf('/', slash + 1)) {
      if (!folders.contains(path.substring(0, slash))) {
        folder(path.substring(0, slash));
      }
    }
    return folders.contains(path) ? this : folder(path);
  }

  /** Adds a file. */
  public TarBytes file(String path, int mode, byte[] content) {
    return put(path.substring(1), TarConstants.LF_NORMAL, mode, content);
  }

  /** Adds a symbolic link. */
  public TarBytes link(String path, String target) {
    TarArchiveEntry entry =
        new TarArchiveEntry(written(path.substring(1)), TarConstants.LF_SYMLINK);
    entry.setLinkName(written(target));
    return put(entry, new byte[0]);
  }

  /**
   * Adds a file of zeros that takes no place, as GNU tar stores a file with holes.
   *
   * @param size bytes that a reader finds in it
   */
  public TarBytes hole(String path, int mode, long size) {
    String field = " GNU.sparse.size=" + size + "\n";
    int length = field.length() + 1;
    while (length != field.length() + Integer.toString(length).length()) {
      length = field.length() + Integer.toString(length).length();
    }
    put(
        "PaxHeader",
        TarConstants.LF_PAX_EXTENDED_HEADER_LC,
        0644,
        (length + field).getBytes(StandardCharsets.US_ASCII));
    return file(path, mode, new byte[0]);
  }

  private TarBytes put(String name, byte type, int mode, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(written(name), type);
    entry.setMode(mode);
    return put(entry, content);
  }

  /** A name's bytes, whatever they are, a character each. */
  private static String written(String name) {
    return new String(FileNames.encode(name), StandardCharsets.ISO_8859_1);
  }

  private TarBytes put(TarArchiveEntry entry, byte[] content) {
    entry.setUserId(user);
    entry.setGroupId(group);
    entry.setModTime(0);
    entry.setSize(content.length);
    try {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  /** Ends the archive. */
  public byte[] bytes() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
