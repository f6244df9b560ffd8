package org.imagediet.variants;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Need;
import org.imagediet.image.Needs;

/**
 * What a program asks for and does not find, so that it does not start.
 *
 * @param name the path of a program or an interpreter, or the name of a library
 * @param evidence how that is known, in a sentence without a full stop
 */
public record Lack(Kind kind, String name, String evidence) {

  /** What is missing. */
  public enum Kind {
    /** The program itself. */
    PROGRAM,
    /** What runs the program: a loader, or the interpreter of a script. */
    INTERPRETER,
    LIBRARY;

    /** Returns the word for it in {@code variants.json}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the loaders of glibc and of musl say of a library that they do not find. */
  private static final Pattern LIBRARY =
      Pattern.compile(
          "(?:^|[\\s:,])([^\\s:,]{1,200}): cannot open shared object file"
              + "|Error loading shared library ([^\\s:,]{1,200}):");

  /**
   * Finds what stopped a program: from the files of its image, in the order in which an engine and
   * a loader come by them, and of what is loaded later from the loader's own words.
   *
   * @param said what the engine said of the failed start, and what the program wrote
   * @return nothing when it fails for something else
   */
  static Optional<Lack> of(ContainerImage image, String said) {
    Optional<FileEntry> program = image.entrypointProgram();
    if (program.isEmpty()) {
      return image.config().argv().stream()
          .findFirst()
          .map(
              name ->
                  new Lack(
                      Kind.PROGRAM,
                      name,
                      "the image starts %s, which is not in it".formatted(name)));
    }
    return Needs.missing(image, program.get()).stream()
        .findFirst()
        .map(Lack::of)
        .or(() -> loading(said));
  }

  private static Lack of(Need need) {
    return new Lack(need.library() ? Kind.LIBRARY : Kind.INTERPRETER, need.name(), need.missing());
  }

  private static Optional<Lack> loading(String said) {
    Matcher library = LIBRARY.matcher(said);
    if (!library.find()) {
      return Optional.empty();
    }
    String name = library.group(1) != null ? library.group(1) : library.group(2);
    return Optional.of(
        new Lack(Kind.LIBRARY, name, "the loader, once it ran, did not find %s".formatted(name)));
  }

  /** Returns the name without folders. */
  public String shortName() {
    return kind == Kind.INTERPRETER ? name.substring(name.lastIndexOf('/') + 1) : name;
  }
}
