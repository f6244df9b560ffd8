package org.imagediet.archive;

import org.imagediet.image.FileType;

/**
 * One entry of a tar stream.
 *
 * @param name as it stands in the archive
 * @param size the file's size; for a sparse file more than is stored
 * @param stored the bytes that follow in the archive
 * @param linkTarget of a symbolic or a hard link; else empty
 * @param capabilities whether file capabilities come with it
 */
record TarEntry(
    String name,
    FileType type,
    int mode,
    long uid,
    long gid,
    long size,
    long stored,
    String linkTarget,
    boolean capabilities) {}
