package org.imagediet.budget;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A guess at why an image grew, by where the bytes are and what they are. */
public enum Cause {
  /** Compilers, their libraries and headers. */
  TOOLCHAIN(
      "a build tool or toolchain",
      "/usr/(local|lib|share|libexec)"
          + "/(go|gcc|gcc-cross|llvm|rustlib|cargo|rustup|maven|gradle|cmake)(-[0-9.]+)?|/opt/(go|maven|gradle|jdk)[^/]*|/usr/(local/)?include"
          + "|/(root|home/[^/]+)/\\.(cargo|rustup|sdkman)"),
  /** What package managers and compilers keep for the next time. */
  PACKAGE_CACHE(
      "a cache of a package manager or a compiler",
      "/var/lib/apt/lists|/var/cache/(apt|apk|dnf|yum)|.*/\\.(m2|gradle|npm|ivy2|nuget|cache)"
          + "|.*/go/pkg/mod|.*/\\.?cargo/(registry|git)|.*/\\.yarn/cache"),
  /** The history of a source tree. */
  VERSION_CONTROL("the history of a source tree", ".*/\\.(git|hg|svn)"),
  /** Modules of Node.js. */
  NODE_MODULES("modules of Node.js, perhaps with those that only a build needs", ".*/node_modules"),
  /** Symbols, in files of their own or in the programs. */
  DEBUG_SYMBOLS("debug symbols", "/usr/lib/debug|.*\\.(debug|dwp|dbg|pdb)"),
  /** Data of tests. */
  TEST_DATA("data of tests", ".*/(testdata|test-data|fixtures|__tests__|tests?)"),
  /** Manuals and translations. */
  DOCUMENTATION("manuals or translations", "/usr/(local/)?share/(doc|man|info|locale)"),
  /** What was unpacked or installed, and stayed. */
  ARCHIVE(
      "an archive or a package that was not removed", ".*\\.(tar|tgz|tar\\.[a-z0-9]+|zip|deb|rpm)"),
  /** The same files in two layers. */
  WRITTEN_TWICE(
      "the same files in two layers, as a chmod or chown in a layer of its own makes them", ""),
  /** What is below the image's own layers. */
  BASE("another base image", "");

  private final String text;
  private final Pattern paths;

  Cause(String text, String paths) {
    this.text = text;
    this.paths = Pattern.compile(paths);
  }

  /** Returns how JSON names it, such as {@code package-cache}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns it in words. */
  public String text() {
    return text;
  }

  /** Returns what a file or a folder is known for, by its own name. */
  static Optional<Cause> known(String path) {
    for (Cause cause : values()) {
      if (cause.paths.matcher(path).matches() && !path.isEmpty()) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }

  /** Returns what a file or a folder, or the nearest one above it, is known for. */
  static Optional<Cause> of(String path) {
    for (String at = path; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
      Optional<Cause> cause = known(at);
      if (cause.isPresent()) {
        return cause;
      }
    }
    return Optional.empty();
  }
}
