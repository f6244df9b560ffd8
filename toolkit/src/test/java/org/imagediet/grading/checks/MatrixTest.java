package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imagediet.observation.Observation;
import org.imagediet.yaml.StrictYaml;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MatrixTest {

  private static final String[] ROWS = {"shell", "file"};

  private static List<String> wrong(String yaml) {
    Map<String, Map<String, Observation>> seen = new LinkedHashMap<>();
    seen.put(
        "naive",
        Map.of("shell", Observation.works("it\nran"), "file", Observation.works("read it")));
    seen.put(
        "scratch",
        Map.of("shell", Observation.fails("no sh\nat all"), "file", Observation.works("read it")));
    JsonNode said = StrictYaml.read(yaml, "findings.yaml");
    return Matrix.wrong(said, ROWS, row -> row, seen);
  }

  @Test
  @DisplayName("is content when every cell is right, however yes and no are written")
  void right() {
    assertThat(wrong("shell: {naive: yes, scratch: no}\nfile: {naive: 'True', scratch: ' YES '}"))
        .isEmpty();
  }

  @Test
  @DisplayName("gives a wrong cell's row, what was said and the first line of what was seen")
  void wrongCell() {
    assertThat(wrong("shell: {naive: yes, scratch: yes}\nfile: {naive: yes, scratch: yes}"))
        .containsExactly("shell: scratch: you say yes, and it was: no sh");
  }

  @Test
  @DisplayName("takes neither silence nor anything else for an answer")
  void unanswered() {
    String unanswered =
        "shell: naive is not answered with yes or no; scratch is not answered with yes or no";
    assertThat(wrong("file: {naive: yes, scratch: yes}")).containsExactly(unanswered);
    assertThat(wrong("shell: {naive: '?', scratch: maybe}\nfile: {naive: yes, scratch: yes}"))
        .containsExactly(unanswered);
    assertThat(wrong("shell: [yes, no]\nfile: {naive: yes, scratch: yes}"))
        .containsExactly(unanswered);
    assertThat(wrong("just text")).hasSize(2);
  }
}
