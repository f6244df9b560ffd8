package org.imagediet.assertions;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;

/**
 * Recognises the shell form of an entrypoint in what it leaves behind: a shell that is given a
 * command line. The SHELL instruction and its author choose which shell and which options.
 */
final class ShellForm {

  /** Programs that start the one that their arguments name. */
  private static final Set<String> STARTERS =
      Set.of("busybox", "toybox", "env", "tini", "dumb-init", "nice", "setpriv", "gosu", "su-exec");

  private ShellForm() {}

  static boolean used(ContainerImage image) {
    List<String> argv = image.config().argv();
    if (argv.isEmpty()) {
      return false;
    }
    boolean starter = STARTERS.contains(Programs.name(argv.get(0)));
    for (int i = 0; i < (starter ? argv.size() : 1); i++) {
      boolean shell =
          Programs.SHELL_NAMES.contains(Programs.name(argv.get(i))) || i == 0 && renamed(image);
      if (shell && commandLine(argv.subList(i + 1, argv.size()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean renamed(ContainerImage image) {
    Optional<String> program = image.entrypointProgram().map(FileEntry::path);
    return image.shells().stream()
        .anyMatch(
            shell ->
                program
                    .filter(path -> path.equals(shell.path()) || shell.aliases().contains(path))
                    .isPresent());
  }

  /** Whether an option such as {@code -c} or {@code -euc} comes before the first script. */
  private static boolean commandLine(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.matches("-[A-Za-z]*c[A-Za-z]*")) {
        return true;
      }
      boolean option = word.startsWith("-") || word.startsWith("+");
      boolean value = i > 0 && words.get(i - 1).matches("[-+][A-Za-z]*[oO]");
      if (!option && !value) {
        return false;
      }
    }
    return false;
  }
}
