package org.imagediet.image;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What was seen in a file while its layer went by.
 *
 * @param elf set for an ELF file
 * @param programs what it is by its content
 * @param script the interpreter of a script, as its first line names it
 * @param bytes the content itself, for the few files that are looked into later
 */
public record Content(
    Optional<ElfFile> elf,
    Set<KnownProgram> programs,
    Optional<String> script,
    Optional<byte[]> bytes) {

  private static final int MOST_SHEBANG = 127;

  /** The content of an ELF file. */
  public static Content ofProgram(Optional<ElfFile> elf, Set<KnownProgram> programs) {
    // The order tells which name fits best.
    return new Content(
        elf,
        Collections.unmodifiableSet(new LinkedHashSet<>(programs)),
        Optional.empty(),
        Optional.empty());
  }

  /** The content of a script, given its beginning, which must start with {@code #!}. */
  public static Content ofScript(byte[] start, int length) {
    int end = 2;
    while (end < length && end < MOST_SHEBANG && start[end] != '\n') {
      end++;
    }
    String line = FileNames.decode(start, 2, end).strip();
    return new Content(Optional.empty(), Set.of(), Optional.of(line), Optional.empty());
  }

  /** The content of a file that is looked into later. */
  public static Content ofBytes(byte[] bytes) {
    return new Content(Optional.empty(), Set.of(), Optional.empty(), Optional.of(bytes));
  }

  /**
   * Returns whether it begins as machine code does, although perhaps nothing more is known of it.
   */
  public boolean machineCode() {
    return script.isEmpty() && bytes.isEmpty();
  }

  /** Returns whether it can be started: machine code or a script, whatever its mode says. */
  public boolean startable() {
    return script.isPresent()
        || !programs.isEmpty()
        || elf.filter(file -> file.kind() != ElfFile.Kind.OTHER).isPresent();
  }
}
