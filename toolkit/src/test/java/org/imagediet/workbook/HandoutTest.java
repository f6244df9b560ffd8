package org.imagediet.workbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.imagediet.engine.EnvironmentException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoutTest {

  @TempDir private Path folder;
  private Path root;
  private Path out;
  private Path place;

  @BeforeEach
  void workbook() throws IOException {
    folder = folder.toRealPath();
    root = folder.resolve("workbook");
    out = Files.createDirectories(folder.resolve("out"));
    place = out.resolve("handout");
    file("lab");
    assertThat(root.resolve("lab").toFile().setExecutable(true)).isTrue();
    file("pom.xml");
    file("lab-01-naive/go/Dockerfile");
    file("toolkit/src/Main.java");
    file("solutions/pom.xml");
    file("solutions/lab-01-naive/wrong/one/go/Dockerfile");
    file(".ci/run");
  }

  private void file(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  private Handout write() {
    return Handout.write(new Workbook(root), place);
  }

  private List<String> written() throws IOException {
    try (Stream<Path> paths = Files.walk(place)) {
      return paths
          .filter(path -> !Files.isDirectory(path))
          .map(path -> place.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  @DisplayName("it has everything but the solutions and the CI of whoever makes the workbook")
  void without() throws IOException {
    Handout handout = write();
    assertThat(written())
        .containsExactly("lab", "lab-01-naive/go/Dockerfile", "pom.xml", "toolkit/src/Main.java");
    assertThat(handout).isEqualTo(new Handout(place, 4, List.of()));
    assertThat(place.resolve("lab")).hasContent("lab").isExecutable();
    assertThat(place.resolve("pom.xml").toFile().canExecute()).isFalse();
    assertThat(list(out)).containsExactly(place);
  }

  @Test
  @DisplayName("where git cannot tell, what builds and editors leave behind stays behind")
  void leftBehind() throws IOException {
    file("toolkit/target/Main.class");
    file("lab-01-naive/target/hints.json");
    file(".idea/workspace.xml");
    file("toolkit/toolkit.iml");
    file("toolkit/.classpath");
    file("services/java/.DS_Store");
    file("services/java/src/Target.java");
    write();
    assertThat(written())
        .hasSize(5)
        .contains("services/java/src/Target.java")
        .doesNotContain("toolkit/toolkit.iml");
  }

  @Test
  @DisplayName("a link is left out, and so is what only a link leads to")
  void links() throws IOException {
    Path secret = Files.createDirectories(folder.resolve("home"));
    Files.writeString(secret.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("link"), secret.resolve("secret"));
    Files.createSymbolicLink(root.resolve("services"), secret);
    write();
    assertThat(written()).hasSize(4).noneMatch(name -> name.contains("secret"));
  }

  @Test
  @DisplayName("a handout of a handout is the same again")
  void again() throws IOException {
    Handout first = write();
    List<String> names = written();
    Path copy = out.resolve("copy");
    assertThat(Handout.write(new Workbook(first.folder()), copy).files()).isEqualTo(4);
    place = copy;
    assertThat(written()).isEqualTo(names);
  }

  @Test
  @DisplayName("an empty folder is taken")
  void empty() throws IOException {
    Files.createDirectories(place);
    write();
    assertThat(written()).hasSize(4);
  }

  @Test
  @DisplayName("others than the writer may read it, as far as they may read other new files")
  void readable() throws IOException {
    Path other = Files.createDirectory(out.resolve("other"));
    write();
    assertThat(Files.getPosixFilePermissions(place))
        .isEqualTo(Files.getPosixFilePermissions(other));
  }

  @Test
  @DisplayName("a folder with something in it is refused, and left as it is")
  void notEmpty() throws IOException {
    Files.createDirectories(place);
    Files.writeString(place.resolve("mine"), "mine");
    refused("The folder %s is not empty; name one that is, or is not there yet.", place);
    assertThat(written()).containsExactly("mine");
  }

  @Test
  @DisplayName("a file, and a link to nowhere, are refused")
  void noFolder() throws IOException {
    Files.writeString(place, "mine");
    refused("%s is no folder; name one that is empty or not there yet.", place);
    assertThat(place).hasContent("mine");
    Files.delete(place);
    Files.createSymbolicLink(place, folder.resolve("nowhere"));
    refused("%s is no folder; name one that is empty or not there yet.", place);
  }

  @Test
  @DisplayName("a place in a folder that is not there is refused, and nothing is made")
  void noParent() throws IOException {
    place = out.resolve("a/b");
    refused("There is no folder %s to put the handout in; make it first.", out.resolve("a"));
    assertThat(list(out)).isEmpty();
  }

  @Test
  @DisplayName("a place in the workbook is refused, also by way of a link")
  void inTheWorkbook() throws IOException {
    String lies = "The folder %s lies in the workbook; put the handout outside of it.";
    place = root.resolve("handout");
    refused(lies, place);
    place = Files.createDirectory(root.resolve("empty"));
    refused(lies, place);
    Files.createSymbolicLink(out.resolve("link"), root);
    place = out.resolve("link/handout");
    refused(lies, place);
  }

  private void refused(String sentence, Path named) {
    assertThatThrownBy(this::write)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence, named);
  }

  @Test
  @DisplayName("a checkout that git cannot list is no reason to hand out just anything")
  void brokenCheckout() throws IOException {
    file(".git");
    assertThatThrownBy(this::write)
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("git")
        .hasMessageContaining(root.toString());
    assertThat(list(out)).isEmpty();
  }

  @Test
  @DisplayName("what cannot be written to its end leaves nothing")
  void broken() throws IOException {
    assertThatThrownBy(
            () -> {
              try (Draft draft = Draft.of(place)) {
                draft.copy(root.resolve("lab"), "lab");
                draft.copy(root.resolve("missing"), "missing");
                draft.publish();
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(list(out)).isEmpty();
  }

  @Test
  @DisplayName("a draft that is closed, as at Ctrl-C, takes and publishes nothing more")
  void interrupted() throws IOException {
    Draft draft = Draft.of(place);
    draft.copy(root.resolve("lab"), "lab");
    assertThat(list(out)).hasSize(1).doesNotContain(place);
    draft.close();
    assertThatThrownBy(() -> draft.copy(root.resolve("pom.xml"), "pom.xml"))
        .hasMessage("interrupted");
    assertThatThrownBy(draft::publish).hasMessage("interrupted");
    draft.close();
    assertThat(list(out)).isEmpty();
  }

  @Test
  @DisplayName("of a checkout it has what git tracks, as it is in the folder")
  void checkout() throws Exception {
    assumeTrue(git("init", "-q"), "this machine has git");
    git("add", ".");
    String[] commit = "-c user.name=a -c user.email=b -c commit.gpgsign=no commit -qm c".split(" ");
    assertThat(git(commit)).isTrue();
    file("notes.txt");
    file("lab-01-naive/go/my notes");
    Files.writeString(root.resolve("lab-01-naive/go/Dockerfile"), "changed");
    Files.writeString(root.resolve("solutions/pom.xml"), "changed");
    Files.delete(root.resolve("toolkit/src/Main.java"));
    Handout handout = write();
    assertThat(written()).containsExactly("lab", "lab-01-naive/go/Dockerfile", "pom.xml");
    assertThat(place.resolve("lab-01-naive/go/Dockerfile")).hasContent("changed");
    assertThat(handout.uncommitted()).containsExactly("lab-01-naive/go/Dockerfile");
  }

  @Test
  @DisplayName("what only lies in somebody's checkout is no checkout itself")
  void inACheckout() throws Exception {
    Path workbook = root;
    root = folder;
    assumeTrue(git("init", "-q"), "this machine has git");
    root = workbook;
    write();
    assertThat(written()).hasSize(4);
  }

  private boolean git(String... arguments) throws InterruptedException {
    try {
      return new ProcessBuilder(
                  Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new))
              .directory(root.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
