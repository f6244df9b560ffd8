package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.imagediet.yaml.YamlException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionTest {

  private static final String LAB = "lab-02-distroless";

  @TempDir Path folder;
  private Workbook workbook;
  private Path alice;

  @BeforeEach
  void folders() throws IOException {
    workbook = new Workbook(folder.resolve("workbook"));
    write(workbook.root().resolve(LAB).resolve("go/Dockerfile"), "FROM starter");
    write(workbook.root().resolve("solutions/pom.xml"), "<project/>");
    write(
        workbook.root().resolve("solutions").resolve(LAB).resolve("go/Dockerfile"), "FROM solved");
    alice = folder.resolve("class/alice");
    write(alice.resolve(LAB).resolve("go/Dockerfile"), "FROM alice");
  }

  @ParameterizedTest
  @CsvSource({
    "'',                                FROM starter, lab-02-distroless/go, lab-02-distroless",
    "solutions,                         FROM solved,  solutions,            solutions",
    "class/alice,                       FROM alice,   class/alice,          alice",
    "class/./alice/../alice/,           FROM alice,   class/./alice/../alice/, alice",
    "class/alice/lab-02-distroless,     FROM alice,   class/alice/lab-02-distroless, alice",
    "class/alice/lab-02-distroless/go,  FROM alice,   class/alice/lab-02-distroless/go, alice",
  })
  @DisplayName("is the lab's own folder, the solutions, or a folder at any of three depths")
  void finds(String given, String text, String source, String label) {
    Submission found = Submission.find(workbook, LAB, Track.GO, given, folder);

    assertThat(found.recipe().text()).isEqualTo(text);
    assertThat(found.source()).isEqualTo(source);
    assertThat(Submission.label(LAB, Track.GO, given, folder)).isEqualTo(label);
  }

  @Test
  @DisplayName("has a name for reports without the folders of this machine")
  void label() {
    assertThat(Submission.label(LAB, Track.GO, alice.toString(), Path.of("elsewhere")))
        .isEqualTo("alice");
    assertThat(Submission.label(LAB, Track.GO, "/", folder)).isEmpty();
    assertThat(Submission.label(LAB, Track.GO, ".", alice.resolve(LAB))).isEqualTo("alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"class", "class/bob", "class/alice/lab-01-naive"})
  @DisplayName("is missed with the places where it would be")
  void missing(String given) {
    assertThatThrownBy(() -> Submission.find(workbook, LAB, Track.GO, given, folder))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage(
            "There is no submission for lab-02-distroless, track go, in %s; it would be in"
                    .formatted(given)
                + " lab-02-distroless/go or go.");
  }

  @Test
  @DisplayName("fails its build check when its file is absent or a link, in a student's words")
  void noPlainFile() throws IOException {
    Path file = alice.resolve(LAB).resolve("go/Dockerfile");
    write(file.resolveSibling("answers.yaml"), "");
    Files.delete(file);
    unbuildable("There is no file lab-02-distroless/go/Dockerfile.");

    Files.createSymbolicLink(
        file, workbook.root().resolve("solutions").resolve(LAB).resolve("go/Dockerfile"));
    unbuildable("lab-02-distroless/go/Dockerfile is a link or a folder, and must be a plain file.");

    Files.createSymbolicLink(file.resolveSibling("jib.yaml"), file);
    unbuildable("lab-02-distroless/go/jib.yaml is a link or a folder, and must be a plain file.");
  }

  @ParameterizedTest
  @ValueSource(strings = {LAB, LAB + "/go"})
  @DisplayName("does not get at somebody else's answer by way of a linked folder")
  void linkedFolder(String link) throws IOException {
    Path linked = alice.resolve(link);
    Files.move(linked, folder.resolve("moved"));
    Files.createSymbolicLink(linked, workbook.root().resolve("solutions").resolve(link));
    unbuildable("lab-02-distroless/go is a link, and must be a plain folder.");

    // The same where a student's files were laid over a workbook.
    Path own = workbook.root().resolve(link);
    Files.move(own, folder.resolve("starter"));
    Files.createSymbolicLink(own, workbook.root().resolve("solutions").resolve(link));
    assertThatThrownBy(Submission.find(workbook, LAB, Track.GO, "", folder)::recipe)
        .isInstanceOf(FailedEarlier.class);
  }

  @Test
  @DisplayName("may be named through a link by the one who grades")
  void linkOfTheGrader() throws IOException {
    Files.createSymbolicLink(folder.resolve("today"), alice);
    assertThat(Submission.find(workbook, LAB, Track.GO, "today", folder).recipe().text())
        .isEqualTo("FROM alice");
  }

  @Test
  @DisplayName("goes with the same person's answer to another lab")
  void otherLab() {
    Submission nested = Submission.find(workbook, LAB, Track.GO, "class/alice", folder);
    assertThat(nested.of("lab-01-naive").folder()).isEqualTo(alice.resolve("lab-01-naive/go"));
    assertThat(nested.of("lab-01-naive").lab()).isEqualTo("lab-01-naive");
  }

  @Test
  @DisplayName("has answers that are read strictly, whatever they are")
  void answers() throws IOException {
    Path file = alice.resolve(LAB).resolve("go/answers.yaml");
    Submission submission = Submission.find(workbook, LAB, Track.GO, "class/alice", folder);
    assertThatThrownBy(submission::answers)
        .isInstanceOf(IOException.class)
        .hasMessage("There is no file lab-02-distroless/go/answers.yaml.");

    write(file, "size: 12.3 MB");
    assertThat(submission.answers().path("size").asText()).isEqualTo("12.3 MB");

    for (String odd : new String[] {"", "- size", "size", "size: {MB: 1}"}) {
      write(file, odd);
      assertThat(submission.answers().path("size").isTextual()).as(odd).isFalse();
    }

    write(file, "size: &a [b]");
    assertThatThrownBy(submission::answers)
        .isInstanceOf(YamlException.class)
        .hasMessage("answers.yaml, line 1: an anchor (&) is not allowed.");
  }

  private void unbuildable(String measured) {
    Submission submission = Submission.find(workbook, LAB, Track.GO, "class/alice/" + LAB, folder);
    assertThatThrownBy(submission::recipe)
        .isInstanceOfSatisfying(
            FailedEarlier.class,
            e -> {
              assertThat(e.check()).isEqualTo("builds");
              assertThat(e.verdict())
                  .isEqualTo(
                      Verdict.fail(
                          measured,
                          "The lab's README says which file to write, and that it must be a plain"
                              + " file."));
            });
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
