package org.imagediet.image;

import java.util.Optional;
import java.util.Set;

/**
 * What was seen in a file while its layer went by.
 *
 * @param elf set for an ELF file
 * @param programs what it is by its content
 * @param bytes the content itself, for the few files that are looked into later
 */
public record Content(Optional<ElfFile> elf, Set<KnownProgram> programs, Optional<byte[]> bytes) {}
