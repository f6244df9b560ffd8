package org.imagediet.workbook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.imagediet.engine.EnvironmentException;

/**
 * Which files are the workbook's own: those that git tracks where it is a git checkout, else all
 * but what builds, editors and version control leave behind. Links are left out.
 *
 * @param names relative to the workbook, sorted
 * @param uncommitted those of them that differ from the last commit
 */
record WorkbookFiles(List<String> names, List<String> uncommitted) {

  private static final Set<String> LEFT_BEHIND =
      Set.of(
          "target", ".git", ".idea", ".vscode", ".settings", ".classpath", ".project", ".DS_Store");

  /**
   * Finds the files of a workbook.
   *
   * @throws EnvironmentException when it is a checkout and git cannot be asked
   */
  static WorkbookFiles of(Path root) throws IOException {
    if (checkout(root)) {
      List<String> tracked =
          git(root, "ls-files", "-z")
              .orElseThrow(
                  () ->
                      new EnvironmentException(
                          "git does not list the files of the checkout %s; does `git status` work"
                                  .formatted(root)
                              + " there?"));
      // Else the workbook only lies inside somebody's checkout.
      if (tracked.contains("lab")) {
        // Nothing is different before there is a commit.
        List<String> different =
            git(root, "diff", "--name-only", "--relative", "-z", "HEAD").orElse(List.of());
        List<String> names = plainFiles(root, tracked);
        return new WorkbookFiles(names, names.stream().filter(different::contains).toList());
      }
    }
    return new WorkbookFiles(plainFiles(root, all(root)), List.of());
  }

  private static boolean checkout(Path root) {
    for (Path folder = root.toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the names that git prints; none when it fails. */
  private static Optional<List<String>> git(Path root, String... arguments) throws IOException {
    // The checkout may be another user's, as in a container; its files are only listed.
    List<String> argv = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
    argv.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // Set inside a hook of another repository, they would lead there.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    Process git;
    try {
      git = builder.start();
    } catch (IOException e) {
      throw new EnvironmentException(
          "%s is a git checkout, and git, which knows its files, cannot be run; install it."
              .formatted(root),
          e);
    }
    String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return git.waitFor() == 0
          ? Optional.of(Stream.of(names.split("\0")).filter(name -> !name.isEmpty()).toList())
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while git was listing files.", e);
    }
  }

  private static List<String> all(Path root) throws IOException {
    List<String> names = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return leftBehind(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!leftBehind(file)) {
              names.add(root.relativize(file).toString());
            }
            return FileVisitResult.CONTINUE;
          }

          private boolean leftBehind(Path path) {
            String name = path.getFileName().toString();
            return !path.equals(root) && (LEFT_BEHIND.contains(name) || name.endsWith(".iml"));
          }
        });
    return names;
  }

  /** Keeps what is a file, and is reached by no link. */
  private static List<String> plainFiles(Path root, List<String> names) throws IOException {
    Path real = root.toRealPath();
    List<String> plain = new ArrayList<>();
    for (String name : names) {
      Path file = real.resolve(name);
      if (Files.isRegularFile(file) && file.toRealPath().equals(file)) {
        plain.add(name);
      }
    }
    // In a merge git lists a file once for each side.
    return plain.stream().distinct().sorted().toList();
  }
}
