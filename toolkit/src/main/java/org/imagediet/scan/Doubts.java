package org.imagediet.scan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.PackageDatabases;

/** What in an image keeps a scanner from seeing all of it. */
final class Doubts {

  private static final List<String> RELEASE_FILES =
      List.of(
          "/etc/os-release", "/usr/lib/os-release", "/etc/debian_version", "/etc/alpine-release");
  private static final String STATUS = "/var/lib/dpkg/status";
  private static final String PACKAGE = "Package:";
  private static final String LISTS = "/var/lib/dpkg/info/";
  private static final String LIST = ".list";

  private Doubts() {}

  /** Returns what to know of an image before a scan of it is believed. */
  static List<Note> of(ContainerImage image) {
    List<Note> notes = new ArrayList<>();
    packageDatabase(image).ifPresent(notes::add);
    packed(image).ifPresent(notes::add);
    javaArchives(image).ifPresent(notes::add);
    return notes;
  }

  private static Optional<Note> packageDatabase(ContainerImage image) {
    boolean distribution =
        RELEASE_FILES.stream().anyMatch(path -> image.files().get(path).isPresent());
    boolean shipped =
        image.layers().stream()
            .flatMap(layer -> layer.entries().stream())
            .anyMatch(entry -> PackageDatabases.database(entry.path()));
    if (image.packages().isEmpty()) {
      return distribution || shipped
          ? Optional.of(
              new Note(
                  Note.Kind.PACKAGE_DATABASE_GONE,
                  "Not a clean bill: the image's package database is gone or empty, and "
                      + (shipped ? "a layer shipped one" : "files of a distribution are there")
                      + "; the packages are still in it, only nobody can name them."))
          : Optional.of(
              new Note(
                  Note.Kind.NO_DISTRIBUTION,
                  "There is no distribution in the image: only what programs tell of themselves can"
                      + " be found, such as a Go program's modules; a C library or a Java runtime"
                      + " that was copied in tells nothing."));
    }
    return missingRecords(image);
  }

  private static Optional<Note> missingRecords(ContainerImage image) {
    Set<String> recorded = recorded(image);
    List<String> missing =
        image.files().entries().stream()
            .map(FileEntry::path)
            .filter(path -> path.startsWith(LISTS) && path.endsWith(LIST))
            .map(path -> path.substring(LISTS.length(), path.length() - LIST.length()))
            // Where several architectures can be installed, the name carries one.
            .map(name -> name.replaceFirst(":.*$", ""))
            .filter(name -> !recorded.contains(name))
            .distinct()
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Note(
                Note.Kind.PACKAGE_RECORDS_MISSING,
                "Not a clean bill: dpkg has file lists of packages that its database does not"
                    + " record (%d, such as %s); no scanner looks at those."
                        .formatted(missing.size(), missing.get(0))));
  }

  /** All that dpkg's database names: removed packages keep a list while their settings stay. */
  private static Set<String> recorded(ContainerImage image) {
    Set<String> names = new HashSet<>();
    image
        .files()
        .bytes(STATUS)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .ifPresent(
            status ->
                status
                    .lines()
                    .filter(line -> line.startsWith(PACKAGE))
                    .forEach(line -> names.add(line.substring(PACKAGE.length()).strip())));
    return names;
  }

  private static Optional<Note> packed(ContainerImage image) {
    return programs(image)
        .filter(entry -> elf(entry).filter(ElfFile::packed).isPresent())
        .findFirst()
        .map(
            entry ->
                new Note(
                    Note.Kind.PACKED_PROGRAM,
                    entry.path()
                        + " unpacks itself at start (UPX): what it is made of cannot be read."));
  }

  private static Optional<Note> javaArchives(ContainerImage image) {
    long count =
        image.files().entries().stream()
            .filter(entry -> entry.regular() && entry.path().matches(".*\\.[jw]ar"))
            .count();
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new Note(
                Note.Kind.JAVA_ARCHIVES,
                "Of the image's Java archives (%d), those that Maven did not pack, or that were"
                        .formatted(count)
                    + " packed anew, are not recognised without an index of checksums."));
  }

  /** Returns the regular files that are programs. */
  static Stream<FileEntry> programs(ContainerImage image) {
    return image.files().entries().stream()
        .filter(entry -> entry.regular() && elf(entry).isPresent() && image.files().first(entry));
  }

  /** Returns what an ELF file says. */
  static Optional<ElfFile> elf(FileEntry entry) {
    return entry.content().flatMap(Content::elf);
  }
}
