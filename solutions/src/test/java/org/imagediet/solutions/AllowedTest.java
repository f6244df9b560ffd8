package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.imagediet.workbook.Dockerfile;
import org.imagediet.workbook.DockerfileException;
import org.imagediet.workbook.DockerfileGuard;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a stranger may not write must not keep anybody from an honest answer; without an engine. */
final class AllowedTest {

  @Test
  @DisplayName("every Dockerfile of the labs, the solutions and the wrong answers may be built")
  void content() throws IOException {
    int seen = 0;
    for (Content.Lab lab : Content.Lab.values()) {
      for (Path folder :
          List.of(
              Workbook.find().root().resolve(lab.folder()),
              Workbook.find().root().resolve("solutions").resolve(lab.folder()))) {
        try (Stream<Path> tree = Files.walk(folder)) {
          for (Path file : tree.filter(path -> path.endsWith("Dockerfile")).toList()) {
            assertThat(refusal(Files.readString(file))).as(file.toString()).isEmpty();
            seen++;
          }
        }
      }
    }
    assertThat(seen).isGreaterThan(100);
  }

  @Test
  @DisplayName("every solution in another style, and every mutant that builds, may be built")
  void edited() {
    Stream.concat(Edits.variations().stream(), Edits.mutants().stream())
        .filter(edited -> !edited.caughtBy().contains("builds"))
        .forEach(
            edited ->
                Optional.ofNullable(edited.files().get("Dockerfile"))
                    .flatMap(text -> text)
                    .ifPresent(text -> assertThat(refusal(text)).as(edited.title()).isEmpty()));
  }

  private static String refusal(String text) {
    try {
      return DockerfileGuard.refusal(text, Dockerfile.parse(text)).orElse("");
    } catch (DockerfileException e) {
      return e.getMessage();
    }
  }
}
