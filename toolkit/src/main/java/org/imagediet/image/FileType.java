package org.imagediet.image;

/** What kind of entry a layer holds. */
public enum FileType {
  FILE,
  HARD_LINK,
  DIRECTORY,
  SYMLINK,
  DEVICE,
  FIFO
}
