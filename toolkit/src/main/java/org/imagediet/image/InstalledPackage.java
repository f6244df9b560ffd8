package org.imagediet.image;

import java.util.OptionalLong;

/**
 * A package as a package database records it.
 *
 * @param database such as {@code dpkg}, {@code dpkg (distroless)} or {@code apk}
 * @param record the file that says so
 * @param installedBytes what it unpacks to, as the database says
 */
public record InstalledPackage(
    String name, String version, String database, String record, OptionalLong installedBytes) {}
