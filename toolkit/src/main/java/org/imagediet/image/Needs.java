package org.imagediet.image;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a program asks for before its own code runs: interpreters, a loader, libraries. */
public final class Needs {

  private final ContainerImage image;
  private final Map<String, List<FileEntry>> libraries = new HashMap<>();
  private final Deque<FileEntry> asking = new ArrayDeque<>();
  private final Set<Content> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Need> missing = new ArrayList<>();

  private Needs(ContainerImage image) {
    this.image = image;
    for (FileEntry entry : image.files().entries()) {
      image
          .files()
          .get(entry.path())
          .filter(file -> elf(file).isPresent())
          .ifPresent(
              file ->
                  libraries
                      .computeIfAbsent(
                          entry.path().substring(entry.path().lastIndexOf('/') + 1),
                          name -> new ArrayList<>())
                      .add(file));
    }
  }

  /**
   * Returns what of it the image does not have, in the order in which a loader would miss it.
   * Libraries are looked up by name in all folders: whether the loader looks there, only a run can
   * tell.
   */
  public static List<Need> missing(ContainerImage image, FileEntry program) {
    Needs needs = new Needs(image);
    needs.ask(program);
    while (!needs.asking.isEmpty()) {
      needs.follow(needs.asking.remove());
    }
    return needs.missing;
  }

  private void ask(FileEntry file) {
    if (file.content().filter(seen::add).isPresent()) {
      asking.add(file);
    }
  }

  private void follow(FileEntry file) {
    file.content()
        .flatMap(Content::script)
        .ifPresent(line -> program(file, line.strip().split("\\s+")[0]));
    elf(file)
        .ifPresent(
            elf -> {
              elf.interpreter().ifPresent(loader -> program(file, loader));
              elf.needed().forEach(name -> library(file, elf, name));
            });
  }

  private void program(FileEntry file, String path) {
    Optional<FileEntry> found = image.files().get(path).filter(FileEntry::regular);
    if (found.isEmpty() || path.isEmpty()) {
      missing.add(new Need(file.path(), path, ""));
    } else {
      ask(found.get());
    }
  }

  private void library(FileEntry file, ElfFile elf, String name) {
    Optional<FileEntry> found =
        // With a slash it is a path, not a name to be looked up.
        name.contains("/")
            ? image.files().get(name)
            : libraries.getOrDefault(name, List.of()).stream()
                .filter(library -> elf(library).orElseThrow().machine().equals(elf.machine()))
                .findFirst();
    found.ifPresentOrElse(this::ask, () -> missing.add(new Need(file.path(), name, elf.machine())));
  }

  private static Optional<ElfFile> elf(FileEntry file) {
    return file.content().flatMap(Content::elf);
  }
}
