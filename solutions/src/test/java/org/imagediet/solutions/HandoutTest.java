package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imagediet.archive.Sha256;
import org.imagediet.workbook.Handout;
import org.imagediet.workbook.LabFolder;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handout of this workbook gives no solution away, and is whole without them. */
class HandoutTest {

  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)");
  private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");

  @TempDir private static Path folder;
  private static Workbook workbook;
  private static Path root;

  @BeforeAll
  static void write() throws IOException {
    workbook = Workbook.find();
    // By way of a plain copy, so that this needs no git.
    Path copy = folder.resolve("copy");
    for (Path file : files(workbook.root())) {
      Path to = copy.resolve(workbook.root().relativize(file).toString());
      Files.createDirectories(to.getParent());
      Files.copy(file, to);
    }
    root = Handout.write(new Workbook(copy), folder.resolve("handout")).folder();
  }

  private static List<Path> files(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(
              path -> names(tree.relativize(path)).noneMatch(Set.of("target", ".git")::contains))
          .toList();
    }
  }

  private static Stream<String> names(Path path) {
    return Stream.iterate(0, i -> i < path.getNameCount(), i -> i + 1)
        .map(i -> path.getName(i).toString());
  }

  private static String digest(Path file) {
    try {
      return Sha256.hex(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("no file in it is one of the solutions', but for the starters' ignore files")
  void noSolution() throws IOException {
    Set<String> solutions =
        files(workbook.solutions().orElseThrow()).stream()
            .map(HandoutTest::digest)
            .collect(Collectors.toSet());
    assertThat(solutions).hasSizeGreaterThan(50);
    assertThat(files(root).stream().filter(file -> solutions.contains(digest(file))))
        .isNotEmpty()
        .allMatch(file -> file.endsWith("Dockerfile.dockerignore"));
  }

  @Test
  @DisplayName("it has no folder of wrong answers, no history, no CI of ours")
  void noFolders() throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      assertThat(paths.flatMap(path -> names(root.relativize(path))))
          .doesNotContain("wrong", "solutions", ".git", ".ci", "target");
    }
  }

  @Test
  @DisplayName("it has the labs with their starters, rubrics and tests, the toolkit and lab")
  void whole() {
    assertThat(new Workbook(root).labs())
        .extracting(LabFolder::name)
        .isEqualTo(workbook.labs().stream().map(LabFolder::name).toList());
    for (Content.Lab lab : Content.Lab.values()) {
      assertThat(root.resolve(lab.folder()).resolve("go/Dockerfile")).isRegularFile();
      assertThat(root.resolve(lab.folder()).resolve(".mvn/maven.config")).isRegularFile();
    }
    assertThat(root.resolve("toolkit/pom.xml")).isRegularFile();
    assertThat(root.resolve("lab")).isExecutable();
  }

  @Test
  @DisplayName("every module that its pom names is there, but for that of the solutions' profile")
  void modules() throws IOException {
    String pom = Files.readString(root.resolve("pom.xml"));
    String always = pom.substring(0, pom.indexOf("<profiles>"));
    assertThat(MODULE.matcher(always).results().map(match -> match.group(1)))
        .contains("toolkit")
        .allSatisfy(name -> assertThat(root.resolve(name).resolve("pom.xml")).isRegularFile());
  }

  @Test
  @DisplayName("every link of its pages leads to something that is there")
  void links() throws IOException {
    List<Path> pages =
        files(root).stream().filter(file -> file.toString().endsWith(".md")).toList();
    assertThat(pages).hasSizeGreaterThan(3);
    for (Path page : pages) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        if (!link.group(1).matches("https?:.*")) {
          assertThat(page.resolveSibling(link.group(1)))
              .as("%s in %s", link.group(1), root.relativize(page))
              .exists();
        }
      }
    }
  }
}
