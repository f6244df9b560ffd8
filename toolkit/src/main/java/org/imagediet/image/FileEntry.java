package org.imagediet.image;

import java.util.Optional;

/**
 * A file, folder or link of a layer.
 *
 * @param path absolute, such as {@code /usr/bin/env}
 * @param mode the permission bits with setuid, setgid and sticky
 * @param size the content's bytes, for a hard link those of its target
 * @param linkTarget the text of a symbolic link or the path of a hard link's target
 * @param capabilities whether it carries file capabilities ({@code security.capability})
 * @param layer the index of the layer it comes from, 0 at the bottom
 * @param content what was seen in it, of a program, a script or a file that is looked into
 */
public record FileEntry(
    String path,
    FileType type,
    int mode,
    long uid,
    long gid,
    long size,
    String linkTarget,
    boolean capabilities,
    int layer,
    Optional<Content> content) {

  private static final int SETUID_SETGID = 06000;

  /** Returns whether it runs with another user's or group's rights, or with capabilities. */
  public boolean privileged() {
    boolean file = type == FileType.FILE || type == FileType.HARD_LINK;
    return file && ((mode & SETUID_SETGID) != 0 || capabilities);
  }

  /** Returns whether it has content: a file or one more name of a file. */
  public boolean regular() {
    return type == FileType.FILE || type == FileType.HARD_LINK;
  }

  /** Returns the permission bits and the type as {@code ls -l} shows them. */
  public String modeText() {
    StringBuilder text = new StringBuilder();
    text.append(
        switch (type) {
          case DIRECTORY -> 'd';
          case SYMLINK -> 'l';
          case DEVICE -> 'b';
          case FIFO -> 'p';
          default -> '-';
        });
    for (int shift = 6; shift >= 0; shift -= 3) {
      int bits = mode >> shift;
      boolean special = (mode & (01000 << (shift / 3))) != 0;
      text.append((bits & 4) != 0 ? 'r' : '-').append((bits & 2) != 0 ? 'w' : '-');
      boolean execute = (bits & 1) != 0;
      char mark = shift == 0 ? 't' : 's';
      text.append(special ? execute ? mark : Character.toUpperCase(mark) : execute ? 'x' : '-');
    }
    return text.toString();
  }

  FileEntry at(String where) {
    return new FileEntry(
        where, type, mode, uid, gid, size, linkTarget, capabilities, layer, content);
  }

  /** The same entry as one of another layer. */
  public FileEntry inLayer(int index) {
    if (index == layer) {
      return this;
    }
    return new FileEntry(
        path, type, mode, uid, gid, size, linkTarget, capabilities, index, content);
  }

  /** The same name as one more of a file, or as a copy of a symbolic link. */
  FileEntry linkedTo(FileEntry target) {
    return new FileEntry(
        path,
        target.type == FileType.FILE ? FileType.HARD_LINK : target.type,
        target.mode,
        target.uid,
        target.gid,
        target.size,
        target.type == FileType.FILE ? target.path : target.linkTarget,
        target.capabilities,
        layer,
        target.content);
  }
}
