package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.scan.Database;
import org.imagediet.scan.Finding;
import org.imagediet.scan.Note;
import org.imagediet.scan.ScanResult;
import org.imagediet.scan.Severity;
import org.imagediet.yaml.StrictYaml;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Answers about a scan")
final class ScansTest {

  private static final Map<String, ScanResult> IMAGES = new LinkedHashMap<>();

  static {
    IMAGES.put("naive", result(3, List.of("stdlib", "bash")));
    IMAGES.put("distroless", result(1, List.of("stdlib")));
    IMAGES.put(
        "scratch", result(1, List.of("stdlib"), new Note(Note.Kind.NO_DISTRIBUTION, "none")));
  }

  private static ScanResult result(int findings, List<String> components, Note... notes) {
    List<Finding> all = new ArrayList<>();
    for (int i = 0; i < findings; i++) {
      String component = components.get(i % components.size());
      all.add(new Finding("CVE-" + i, component, "1", "2", Severity.LOW, "app", "pkg:a/" + i, ""));
    }
    return new ScanResult(
        "app",
        "Trivy",
        "1",
        new Database(Database.Origin.FILE, Optional.empty(), "carried"),
        all,
        7,
        List.of(notes));
  }

  private static List<String> wrong(String yaml) {
    JsonNode said = StrictYaml.read(yaml, "findings.yaml");
    return Scans.wrong(said, IMAGES);
  }

  @Test
  @DisplayName("are right by the order, the components and the images that are seen in part")
  void right() {
    assertThat(
            wrong(
                """
                most: naive > scratch = distroless
                leftOnScratch: [stdlib]
                seenInPart: [scratch]
                """))
        .isEmpty();
  }

  @Test
  @DisplayName("are about distroless where there is nothing on scratch")
  void twoImages() {
    Map<String, ScanResult> two = new LinkedHashMap<>(IMAGES);
    two.remove("scratch");
    JsonNode said =
        StrictYaml.read(
            "{most: naive > distroless, leftOnDistroless: [], seenInPart: []}", "findings.yaml");
    assertThat(Scans.wrong(said, two))
        .containsExactly(
            "leftOnDistroless: 1 more components of the distroless image have findings");
  }

  @Test
  @DisplayName("are none when they are left open, and no list is not an empty one")
  void open() {
    assertThat(wrong("{most: '?', leftOnScratch: '?'}"))
        .containsExactly(
            "most: not answered",
            "leftOnScratch: not answered; it is a list, which may be empty: []",
            "seenInPart: not answered; it is a list, which may be empty: []");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "naive = distroless = scratch | [stdlib] | [scratch] | most: you say",
        "naive > distroless = scratch | [] | [scratch] | leftOnScratch: 1 more component",
        "naive > distroless = scratch | [bash, stdlib] | [scratch] | leftOnScratch: bash is not",
        "naive > distroless = scratch | [stdlib] | [] | seenInPart: 1 more image",
        "naive > distroless = scratch | [stdlib] | [naive] | seenInPart: naive has a list",
      })
  @DisplayName("are wrong one by one; what was forgotten is counted and not named")
  void wrong(String most, String left, String part, String problem) {
    assertThat(wrong("most: %s\nleftOnScratch: %s\nseenInPart: %s\n".formatted(most, left, part)))
        .singleElement()
        .asString()
        .startsWith(problem);
  }
}
