package org.imagediet.grading.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imagediet.engine.Command;
import org.imagediet.grading.junit.LabRun.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabTest {

  private static final String LABS = "org.imagediet.grading.junit.";
  private static final String TINY = LABS + "tiny.TinyLab";

  @TempDir Path folder;
  private Map<String, String> parameters;

  @BeforeEach
  void submission() throws IOException {
    submit("");
    parameters =
        new TreeMap<>(
            Map.of(
                "submission", folder.resolve("alice").toString(),
                "grade.folder", folder.resolve("grade").toString(),
                "grade.table", "false"));
  }

  @Test
  @DisplayName("runs the rubric's checks in the rubric's order")
  void order() throws IOException {
    assertThat(run(TINY))
        .extracting(Result::name, Result::status)
        .containsExactly(
            tuple("go first", "SUCCESSFUL"),
            tuple("go second", "SUCCESSFUL"),
            tuple("go goOnly", "SUCCESSFUL"),
            tuple("go last", "SUCCESSFUL"));
    assertThat(grade().path("score").intValue()).isEqualTo(100);
    assertThat(grade().path("complete").booleanValue()).isTrue();
    assertThat(grade().path("submission").asText()).isEqualTo("alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "go,java", "go, java,go"})
  @DisplayName("runs once for each track, with a grade for each")
  void tracks(String tracks) throws IOException {
    parameters.put("track", tracks);

    assertThat(run(TINY))
        .extracting(Result::name, Result::status)
        .containsExactly(
            tuple("go first", "SUCCESSFUL"),
            tuple("go second", "SUCCESSFUL"),
            tuple("go goOnly", "SUCCESSFUL"),
            tuple("go last", "SUCCESSFUL"),
            tuple("java first", "SUCCESSFUL"),
            tuple("java second", "SUCCESSFUL"),
            tuple("java goOnly", "ABORTED"),
            tuple("java last", "SUCCESSFUL"));
    assertThat(grade("go/grade.json").path("max").intValue()).isEqualTo(100);
    assertThat(grade("java/grade.json").path("max").intValue()).isEqualTo(70);
    assertThat(grade("java/grade.json").path("track").asText()).isEqualTo("java");
  }

  @Test
  @DisplayName("is red for a wrong answer, without a stack trace, and skips what that blocks")
  void fail() throws IOException {
    submit("first: fail");

    List<Result> results = run(TINY);

    assertThat(results)
        .extracting(Result::name, Result::status)
        .containsExactly(
            tuple("go first", "FAILED"),
            tuple("go second", "ABORTED"),
            tuple("go goOnly", "SUCCESSFUL"),
            tuple("go last", "SUCCESSFUL"));
    assertThat(results.get(0).message())
        .isEqualTo(
            """
            [00 first, go] it is wrong
              measured: ?[31m::error::rotten
              expected: E
              why:      W
              next:     Dig. `./lab hint 00 first`""");
    assertThat(results.get(0).frames()).isZero();
    assertThat(results.get(1).message()).isEqualTo("blocked by first");
    assertThat(outcomes()).isEqualTo("FAIL BLOCKED PASS PASS");
  }

  @ParameterizedTest
  @CsvSource({
    "machine, No power.",
    "bug, the grader itself failed: java.lang.IllegalStateException: a bug",
    "deep, the grader itself failed: java.lang.StackOverflowError",
  })
  @DisplayName("is red and not graded where the machine or the grader is at fault")
  void notGraded(String act, String measured) throws IOException {
    submit("second: " + act);

    List<Result> results = run(TINY);

    assertThat(results)
        .extracting(Result::status)
        .containsExactly("SUCCESSFUL", "FAILED", "SUCCESSFUL", "SUCCESSFUL");
    assertThat(results.get(1).message())
        .startsWith("[00 second, go] not graded\n  measured: " + measured + "\n  next:     ")
        .hasLineCount(3);
    assertThat(results.get(1).frames()).isZero();
    assertThat(outcomes()).isEqualTo("PASS ENV_ERROR PASS PASS");
  }

  @Test
  @DisplayName("is red with the root cause when one check alone is asked for")
  void selected() throws IOException {
    submit("last: cause");

    assertThat(run(TINY + "#last"))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.name()).isEqualTo("go last");
              assertThat(result.status()).isEqualTo("FAILED");
              assertThat(result.message())
                  .startsWith("[00 first, go] it is wrong\n  measured: rotten roots\n");
            });
    assertThat(outcomes()).isEqualTo("FAIL NOT_RUN NOT_RUN BLOCKED");
    assertThat(grade().path("max").intValue()).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"golang", "go,golang", "", "GO", "python"})
  @DisplayName("is red in each check, and grades nothing, when the track is none of the lab's")
  void wrongTrack(String track) throws IOException {
    parameters.put("track", track);
    everythingIsRed(
        "-Dtrack=%s is no track of this lab; there are go, java and all.".formatted(track));
    assertThat(outcomes()).isEqualTo("ENV_ERROR ENV_ERROR ENV_ERROR ENV_ERROR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2026-13-01", "25.11.2026"})
  @DisplayName("is red in each check, and grades nothing, when the day to grade on is none")
  void wrongDate(String date) throws IOException {
    parameters.put("grade.date", date);
    everythingIsRed("-Dgrade.date=%s is no day; write one like 2026-11-25.".formatted(date));
    assertThat(outcomes()).isEqualTo("ENV_ERROR ENV_ERROR ENV_ERROR ENV_ERROR");
  }

  @Test
  @DisplayName("is red in each check, and grades nothing, when there is no submission")
  void noSubmission() throws IOException {
    parameters.put("submission", folder.resolve("bob").toString());
    everythingIsRed(
        "There is no submission for lab-00-tiny, track go, in %s; it would be in lab-00-tiny/go or"
                .formatted(folder.resolve("bob"))
            + " go.");
    assertThat(outcomes()).isEqualTo("ENV_ERROR ENV_ERROR ENV_ERROR ENV_ERROR");
    assertThat(grade().path("submission").asText()).isEqualTo("bob");
  }

  private void everythingIsRed(String measured) {
    assertThat(run(TINY))
        .hasSize(4)
        .allSatisfy(
            result -> {
              assertThat(result.name()).startsWith("go ");
              assertThat(result.status()).isEqualTo("FAILED");
              assertThat(result.message()).contains(" not graded\n  measured: " + measured + "\n");
            });
  }

  @Test
  @DisplayName("is red for a test that decides nothing, or fails for itself")
  void careless() throws IOException {
    assertThat(run(LABS + "careless.CarelessLab"))
        .extracting(
            Result::name, Result::status, result -> result.message().lines().toList().get(1))
        .containsExactly(
            tuple(
                "go fails",
                "FAILED",
                "  measured: the grader itself failed: java.io.IOException: a test's own mistake"),
            tuple(
                "go silent",
                "FAILED",
                "  measured: the grader itself failed: java.lang.IllegalStateException: its test"
                    + " decided nothing"),
            tuple(
                "go twice",
                "FAILED",
                "  measured: the grader itself failed: java.lang.IllegalStateException: after the"
                    + " decision"));
    assertThat(outcomes()).isEqualTo("ENV_ERROR ENV_ERROR ENV_ERROR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "broken.BrokenLab  | rubric.yaml: the points add up to 99 instead of 100.",
        "unequal.UnequalLab|The rubric.yaml beside org.imagediet.grading.junit.unequal.UnequalLab"
            + " has the checks [first, forgotten], and its tests decide [first].",
      })
  @DisplayName("is red by name when its rubric is at fault, or asks for what no test decides")
  void brokenRubric(String lab, String message) {
    assertThat(run(LABS + lab))
        .extracting(Result::name, Result::status, Result::message)
        .containsExactly(tuple("go first", "FAILED", message));
    assertThat(folder.resolve("grade")).doesNotExist();
  }

  @Test
  @DisplayName("is red by name when the grade cannot be written")
  void unwritable() throws IOException {
    Files.writeString(folder.resolve("grade"), "a file, and no folder");

    assertThat(run(TINY))
        .hasSize(4)
        .allSatisfy(
            result -> {
              assertThat(result.name()).startsWith("go ");
              assertThat(result.status()).isEqualTo("FAILED");
              assertThat(result.message())
                  .startsWith(
                      "The grade cannot be written to " + folder.resolve("grade/grade.json"))
                  .hasLineCount(1);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "kill"})
  @DisplayName("leaves an honest grade when the process ends in the middle")
  void endsInTheMiddle(String act) throws IOException {
    submit("first: fail\nlast: " + act);

    assertThat(runElsewhere(Map.of()).exitCode()).isEqualTo(7);

    assertThat(outcomes()).isEqualTo("FAIL BLOCKED PASS NOT_RUN");
    assertThat(grade().path("complete").booleanValue()).isFalse();
    assertThat(grade().path("score").intValue()).isEqualTo(30);
    try (var files = Files.list(folder.resolve("grade"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  @DisplayName("is red and not graded when the chosen engine is dead, and takes no other")
  void deadEngine() throws IOException {
    submit("second: engine\nlast: engine");
    String socket = "unix://" + folder.resolve("docker.sock");

    Command.Result run = runElsewhere(Map.of("DOCKER_HOST", socket));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(outcomes()).isEqualTo("PASS ENV_ERROR PASS ENV_ERROR");
    assertThat(grade().path("checks").get(1).path("measured").asText())
        .startsWith("DOCKER_HOST is " + socket + ", but ")
        .endsWith("; start that engine, or unset DOCKER_HOST.");
    assertThat(grade().path("complete").booleanValue()).isTrue();
    assertThat(grade().path("score").intValue()).isEqualTo(40);
  }

  private void submit(String answers) throws IOException {
    Path alice = folder.resolve("alice/lab-00-tiny");
    for (String track : List.of("go", "java")) {
      Files.createDirectories(alice.resolve(track));
      Files.writeString(alice.resolve(track).resolve("answers.yaml"), answers);
    }
    // For the labs of another name.
    Files.writeString(folder.resolve("alice/answers.yaml"), answers);
  }

  private List<Result> run(String lab) {
    return LabRun.of(lab, parameters);
  }

  private Command.Result runElsewhere(Map<String, String> environment) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LabRun.class.getName(),
                TINY));
    parameters.forEach((key, value) -> argv.add(key + "=" + value));
    Command command = Command.of(argv);
    environment.forEach(command::environment);
    return command.run(Duration.ofMinutes(2));
  }

  private String outcomes() throws IOException {
    return String.join(" ", grade().path("checks").findValuesAsText("outcome"));
  }

  private JsonNode grade() throws IOException {
    return grade("grade.json");
  }

  private JsonNode grade(String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("grade").resolve(file).toFile());
  }
}
