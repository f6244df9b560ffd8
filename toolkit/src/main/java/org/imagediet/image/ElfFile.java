package org.imagediet.image;

import java.util.List;
import java.util.Optional;

/**
 * An ELF file, as the loader sees it.
 *
 * @param entry whether it says where to begin, which of libraries only those do that are programs
 *     too
 * @param interpreter the dynamic loader it asks for (PT_INTERP)
 * @param needed the libraries it asks for (DT_NEEDED)
 * @param symbolTable whether it has a section named exactly {@code .symtab}
 * @param debugSections the names of its debug sections
 * @param packed whether it unpacks itself at start (UPX)
 */
public record ElfFile(
    String machine,
    Kind kind,
    boolean entry,
    Optional<String> interpreter,
    List<String> needed,
    boolean symbolTable,
    List<String> debugSections,
    Optional<GoBuildInfo> go,
    boolean packed) {

  /** How an ELF file is linked. */
  public enum Kind {
    STATIC("static"),
    STATIC_PIE("static-PIE"),
    DYNAMIC("dynamic"),
    LIBRARY("library"),
    OTHER("other");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Returns whether it can be started as a program. */
  public boolean executable() {
    return kind == Kind.STATIC || kind == Kind.STATIC_PIE || kind == Kind.DYNAMIC;
  }

  /** Returns whether neither symbols nor debug information are left. */
  public boolean stripped() {
    return !symbolTable && debugSections.isEmpty();
  }

  /** Returns whether it runs without any other file. */
  public boolean selfContained() {
    return interpreter.isEmpty() && needed.isEmpty();
  }
}
