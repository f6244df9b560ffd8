package org.imagediet.image;

/**
 * A package as a package database records it.
 *
 * @param database such as {@code dpkg}, {@code dpkg (distroless)} or {@code apk}
 * @param record the file that says so
 */
public record InstalledPackage(String name, String version, String database, String record) {}
