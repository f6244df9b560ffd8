package org.imagediet.assertions;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Finding;
import org.imagediet.image.ProgramKind;

/** The programs of an image, as an assertion that forbids some of them must see them. */
final class Programs {

  static final Set<String> SHELL_NAMES =
      Set.of(
          "sh", "bash", "rbash", "ash", "dash", "zsh", "ksh", "mksh", "csh", "tcsh", "fish",
          "busybox", "toybox");

  private Programs() {}

  /** Returns the known programs of a kind, those that a later layer hides too. */
  static List<Finding> all(ContainerImage image, ProgramKind kind) {
    List<Finding> visible =
        switch (kind) {
          case SHELL -> image.shells();
          case INTERPRETER -> image.interpreters();
          case PACKAGE_MANAGER -> image.packageManagers();
          case COMPILER -> image.compilers();
        };
    return Stream.concat(
            visible.stream(),
            image.hiddenPrograms().stream().filter(finding -> finding.program().kind() == kind))
        .toList();
  }

  /**
   * Returns the packed programs, which hide what they are. The one that the image starts is left
   * out, since its maker knows what it is; not so when it goes by a shell's name.
   */
  static List<FileEntry> packed(ContainerImage image) {
    Set<Content> known = Collections.newSetFromMap(new IdentityHashMap<>());
    image.entrypointProgram().flatMap(FileEntry::content).ifPresent(known::add);
    for (FileEntry entry : image.files().entries()) {
      if (SHELL_NAMES.contains(name(entry.path()))) {
        image.files().get(entry.path()).flatMap(FileEntry::content).ifPresent(known::remove);
      }
    }
    return image.files().entries().stream()
        .filter(FileEntry::regular)
        .filter(entry -> entry.content().flatMap(Content::elf).filter(ElfFile::packed).isPresent())
        .filter(entry -> known.add(entry.content().orElseThrow()))
        .toList();
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
