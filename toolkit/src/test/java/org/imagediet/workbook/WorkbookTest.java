package org.imagediet.workbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkbookTest {

  @TempDir private Path root;
  private Workbook workbook;

  @BeforeEach
  void workbook() throws IOException {
    workbook = new Workbook(root);
    lab("lab-10-more", "10");
    lab("lab-02-distroless", "02");
    Files.createDirectories(root.resolve("lab-03-without-a-rubric"));
    Files.createDirectories(root.resolve("toolkit"));
  }

  private void lab(String name, String number) throws IOException {
    Path folder = root.resolve(name).resolve("src/test/resources/org/imagediet/lab" + number);
    Files.writeString(Files.createDirectories(folder).resolve("rubric.yaml"), "");
  }

  @Test
  @DisplayName("its labs are the folders with a rubric, in the order of their numbers")
  void labs() {
    assertThat(workbook.labs())
        .extracting(LabFolder::name)
        .containsExactly("lab-02-distroless", "lab-10-more");
    assertThat(workbook.labs()).extracting(LabFolder::number).containsExactly("02", "10");
  }

  @Test
  @DisplayName("its tracks are those that a lab has a folder for")
  void tracks() throws IOException {
    assertThat(workbook.tracks()).isEmpty();
    Files.createDirectories(root.resolve("lab-03-without-a-rubric/java"));
    Files.createDirectories(root.resolve("lab-10-more/rust"));
    Files.createDirectories(root.resolve("lab-02-distroless/go"));
    Files.createDirectories(root.resolve("lab-10-more/go"));
    assertThat(workbook.tracks()).containsExactly(Track.GO, Track.RUST);
  }

  @ParameterizedTest
  @DisplayName("a lab goes by its number, with and without the zero, and by its folder")
  @ValueSource(strings = {"02", "2", "lab-02-distroless", "lab-02-distroless/"})
  void known(String given) {
    assertThat(workbook.lab(given)).get().extracting(LabFolder::number).isEqualTo("02");
  }

  @ParameterizedTest
  @DisplayName("other names are no labs")
  @ValueSource(strings = {"", "0", "1", "002", "03", "lab-03-without-a-rubric", "toolkit", "../x"})
  void unknown(String given) {
    assertThat(workbook.lab(given)).isEmpty();
  }

  @Test
  @DisplayName("the zero of 10 belongs to it")
  void ten() {
    assertThat(workbook.lab("10")).get().extracting(LabFolder::name).isEqualTo("lab-10-more");
  }

  @Test
  @DisplayName("the real workbook has its labs, each with the number that its rubric says")
  void real() {
    assertThat(Workbook.find().labs())
        .extracting(LabFolder::name)
        .contains("lab-01-naive", "lab-02-distroless", "lab-03-scratch");
    assertThat(Workbook.find().labs())
        .allSatisfy(
            lab -> assertThat(lab.rubric()).content().contains("lab: \"" + lab.number() + "\""));
  }

  @Test
  @DisplayName("solutions are a module of the workbook, and not a folder that only has the name")
  void solutions() throws IOException {
    Path folder = Files.createDirectories(root.resolve("solutions"));
    assertThat(workbook.solutions()).isEmpty();
    Files.writeString(folder.resolve("pom.xml"), "");
    assertThat(workbook.solutions()).contains(folder);
  }
}
