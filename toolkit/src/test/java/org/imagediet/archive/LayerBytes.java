package org.imagediet.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A layer's tar in the making. */
final class LayerBytes {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

  LayerBytes() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /** Writes long names GNU's way instead of POSIX's. */
  LayerBytes gnu() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    return this;
  }

  LayerBytes file(String name, String content) {
    return file(name, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  LayerBytes file(String name, int mode, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setMode(mode);
    return put(entry, content);
  }

  LayerBytes owned(String name, long uid, long gid) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setUserId(uid);
    entry.setGroupId(gid);
    return put(entry, new byte[0]);
  }

  LayerBytes capable(String name) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.addPaxHeader("SCHILY.xattr.security.capability", "x");
    return put(entry, new byte[] {1});
  }

  LayerBytes folder(String name) {
    return put(new TarArchiveEntry(name + "/", true), new byte[0]);
  }

  LayerBytes symlink(String name, String target) {
    return link(name, target, TarConstants.LF_SYMLINK);
  }

  LayerBytes hardLink(String name, String target) {
    return link(name, target, TarConstants.LF_LINK);
  }

  private LayerBytes link(String name, String target, byte type) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(target);
    return put(entry, new byte[0]);
  }

  /** Writes an extended header that the library would not write. */
  LayerBytes rawPax(String name, Map<String, String> fields, byte[] content) {
    StringBuilder records = new StringBuilder();
    fields.forEach(
        (key, value) -> {
          int length = key.length() + value.length() + 3;
          int digits = Integer.toString(length + 2).length();
          records.append(length + digits).append(' ').append(key).append('=').append(value);
          records.append('\n');
        });
    TarArchiveEntry header = new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    put(header, records.toString().getBytes(StandardCharsets.UTF_8));
    return file(name, 0644, content);
  }

  /** Writes a long name GNU's way; for one of this length the library itself takes seconds. */
  LayerBytes rawLongName(String name, byte[] content) {
    put(
        new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME),
        (name + "\0").getBytes(StandardCharsets.UTF_8));
    return file("long", 0644, content);
  }

  LayerBytes pax(String name, Map<String, String> headers, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    headers.forEach(entry::addPaxHeader);
    return put(entry, content);
  }

  private LayerBytes put(TarArchiveEntry entry, byte[] content) {
    try {
      entry.setSize(content.length);
      // A fraction of a second would need an extended header.
      entry.setModTime(0L);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
