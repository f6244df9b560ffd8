package org.imagediet.image;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Package managers and compilers that are scripts or wrappers, known by name in a program folder,
 * where what bears the name is a program or a script.
 */
final class KnownNames {

  private static final Map<ProgramKind, Set<String>> NAMES =
      Map.of(
          ProgramKind.PACKAGE_MANAGER,
          Set.of(
              "apt",
              "apt-get",
              "apk",
              "cargo",
              "conda",
              "dnf",
              "dpkg",
              "gem",
              "microdnf",
              "npm",
              "opkg",
              "pacman",
              "pip",
              "pip3",
              "rpm",
              "yarn",
              "yum",
              "zypper"),
          ProgramKind.COMPILER,
          Set.of(
              "as", "cc", "clang", "g++", "gcc", "go", "javac", "ld", "make", "mvn", "rustc",
              "tcc"));

  private KnownNames() {}

  /** Returns what a path in a program folder stands for. */
  static Optional<KnownProgram> find(String path) {
    int slash = path.lastIndexOf('/');
    if (!path.substring(0, slash).endsWith("bin")) {
      return Optional.empty();
    }
    String name = path.substring(slash + 1);
    return NAMES.entrySet().stream()
        .filter(known -> known.getValue().contains(name))
        .map(known -> new KnownProgram(name, known.getKey()))
        .findFirst();
  }
}
