package org.imagediet.workbook;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.imagediet.engine.EnvironmentException;

/**
 * The tree that students get: the workbook without the solutions, the wrong answers, the tests of
 * the content and the history.
 *
 * @param folder where it is
 * @param files how many files it has
 * @param uncommitted which of them are not as in the last commit
 */
public record Handout(Path folder, int files, List<String> uncommitted) {

  /**
   * Wrong answers and tests of the content lie with the solutions; CI runs what a handout lacks.
   */
  private static final Set<String> KEPT_BACK = Set.of("solutions", ".ci");

  /**
   * Writes a handout, whole or not at all.
   *
   * @param place is not there, or an empty folder
   * @throws IllegalArgumentException in one sentence, when the place is none
   * @throws EnvironmentException when it cannot be written
   */
  public static Handout write(Workbook workbook, Path place) {
    try {
      Path root = workbook.root().toRealPath();
      Path folder = requireFree(place.toAbsolutePath().normalize(), root);
      WorkbookFiles files = WorkbookFiles.of(root);
      List<String> names = files.names().stream().filter(Handout::given).toList();
      try (Draft draft = Draft.of(folder)) {
        for (String name : names) {
          draft.copy(root.resolve(name), name);
        }
        draft.publish();
      }
      return new Handout(
          folder, names.size(), files.uncommitted().stream().filter(Handout::given).toList());
    } catch (IOException e) {
      String reason =
          e instanceof AccessDeniedException
              ? "no permission for " + e.getMessage()
              : e.getMessage();
      throw new EnvironmentException(
          "The handout cannot be written to %s (%s); nothing was left there."
              .formatted(place, reason),
          e);
    }
  }

  private static boolean given(String name) {
    return !KEPT_BACK.contains(Path.of(name).getName(0).toString());
  }

  /** Returns the real path of a place where a handout may be put. */
  private static Path requireFree(Path place, Path root) throws IOException {
    Path parent = place.getParent();
    Path free;
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isDirectory(place)) {
        throw new IllegalArgumentException(
            place + " is no folder; name one that is empty or not there yet.");
      }
      try (Stream<Path> entries = Files.list(place)) {
        if (entries.findAny().isPresent()) {
          throw new IllegalArgumentException(
              "The folder " + place + " is not empty; name one that is, or is not there yet.");
        }
      }
      free = place.toRealPath();
    } else {
      if (!Files.isDirectory(parent)) {
        throw new IllegalArgumentException(
            "There is no folder " + parent + " to put the handout in; make it first.");
      }
      free = parent.toRealPath().resolve(place.getFileName());
    }
    if (free.startsWith(root)) {
      throw new IllegalArgumentException(
          "The folder " + place + " lies in the workbook; put the handout outside of it.");
    }
    return free;
  }
}
