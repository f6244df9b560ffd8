package org.imagediet.image;

/**
 * A program known by its content, whatever its name.
 *
 * @param name such as {@code busybox}
 */
public record KnownProgram(String name, ProgramKind kind) {}
