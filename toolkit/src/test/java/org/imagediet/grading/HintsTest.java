package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.imagediet.workbook.LabFolder;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HintsTest {

  private static final String RUBRIC =
      """
      lab: "07"
      title: A lab
      checks:
        - {id: builds, points: 40, title: t, failed: it does not build, expected: e, why: w,
           hints: [builds one, builds two, builds three]}
        - {id: serves, points: 30, title: t, failed: it does not serve, expected: e, why: w,
           needs: [builds], hints: [serves one, serves two, serves three]}
        - {id: shell, points: 20, title: t, failed: it has a shell, expected: e, why: w,
           needs: [serves], hints: [shell one, shell two, shell three]}
        - {id: lean, points: 10, title: t, failed: it is not lean, expected: e, why: w,
           tracks: [go], hints: [lean one, lean two, lean three]}
      """;

  @TempDir private Path root;
  private LabFolder lab;
  private Path state;

  @BeforeEach
  void lab() throws IOException {
    Path rubric = root.resolve("lab-07-example/src/test/resources/org/imagediet/lab07");
    Files.writeString(Files.createDirectories(rubric).resolve("rubric.yaml"), RUBRIC);
    lab = new Workbook(root).lab("7").orElseThrow();
    state = lab.output("hints.json");
  }

  private String hint(String check) {
    return hint(check, Optional.empty(), false);
  }

  private String hint(String check, Optional<Track> track, boolean fromStart) {
    Hints hints = Hints.of(lab);
    return hints.next(hints.rubric().check(check).orElseThrow(), track, fromStart);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElseThrow();
  }

  private static String lastLine(String text) {
    return text.lines().reduce((one, other) -> other).orElseThrow();
  }

  /** What a run leaves behind, written by what writes it. */
  private final class Run {
    private final Grade grade;

    Run(Track track) {
      grade = new Grade(Hints.of(lab).rubric(), track, lab.name());
    }

    Run ended(String check, Outcome outcome, String measured) {
      grade.record(check, outcome, measured, outcome == Outcome.FAIL ? "Where is it?" : "");
      return this;
    }

    void in(String folder) {
      GradeReport.write(grade, lab.output("grade").resolve(folder).resolve("grade.json"));
    }

    void done() {
      in("");
    }
  }

  private Run run() {
    return new Run(Track.GO);
  }

  @Test
  @DisplayName("before any run it says how to run, and gives the first hint")
  void notRun() {
    assertThat(hint("shell"))
        .isEqualTo(
            """
            [07 shell, go] not run yet; `mvn test -pl lab-07-example` grades it.

            Hint 1 of 3, where to look: shell one
            """);
  }

  @Test
  @DisplayName("each call says more, and after the last hint it says so and repeats it")
  void escalates() {
    assertThat(lastLine(hint("shell"))).isEqualTo("Hint 1 of 3, where to look: shell one");
    assertThat(lastLine(hint("shell"))).isEqualTo("Hint 2 of 3, the idea: shell two");
    assertThat(lastLine(hint("shell"))).isEqualTo("Hint 3 of 3, what to read: shell three");
    for (int i = 0; i < 2; i++) {
      assertThat(lastLine(hint("shell")))
          .isEqualTo("There are no more hints; the last one again, what to read: shell three");
    }
    assertThat(lastLine(hint("shell", Optional.empty(), true))).endsWith("shell one");
    assertThat(lastLine(hint("shell"))).endsWith("shell two");
  }

  @Test
  @DisplayName("checks and tracks are counted one by one")
  void counted() {
    hint("shell");
    assertThat(lastLine(hint("serves"))).endsWith("serves one");
    assertThat(lastLine(hint("shell", Optional.of(Track.JAVA), false))).endsWith("shell one");
    assertThat(lastLine(hint("shell"))).endsWith("shell two");
  }

  @Test
  @DisplayName("a failure is repeated with what was measured, and what to do next")
  void failed() {
    run().ended("shell", Outcome.FAIL, "/bin/sh is dash\nfrom layer 3").done();
    assertThat(hint("shell"))
        .isEqualTo(
            """
            [07 shell, go] the last run failed it: it has a shell.
              measured: /bin/sh is dash
                        from layer 3
              next:     Where is it?

            Hint 1 of 3, where to look: shell one
            """);
  }

  @Test
  @DisplayName("a pass leaves nothing to mend, and a hint is given all the same")
  void passed() {
    run().ended("shell", Outcome.PASS, "no shell").done();
    assertThat(hint("shell"))
        .isEqualTo(
            """
            [07 shell, go] the last run passed it: there is nothing to mend.

            Hint 1 of 3, where to look: shell one
            """);
  }

  @Test
  @DisplayName("a blocked check points to the first cause and gives no hint")
  void blocked() {
    run()
        .ended("builds", Outcome.FAIL, "gave up")
        .ended("serves", Outcome.BLOCKED, "blocked by builds")
        .ended("shell", Outcome.BLOCKED, "blocked by serves")
        .done();
    assertThat(hint("shell"))
        .isEqualTo(
            "[07 shell, go] the last run could not reach it, blocked by builds; mend that first:"
                + " `./lab hint 07 builds`.\n");
    assertThat(state).doesNotExist();
  }

  @Test
  @DisplayName("the track comes along in what it tells to type")
  void trackToType() {
    new Run(Track.JAVA)
        .ended("builds", Outcome.FAIL, "gave up")
        .ended("serves", Outcome.BLOCKED, "blocked by builds")
        .done();
    assertThat(hint("serves")).contains("`./lab hint 07 builds --track java`");
    assertThat(hint("shell")).contains("`mvn test -pl lab-07-example -Dtrack=java`");
  }

  @Test
  @DisplayName("a blocked check whose cause is gone gets its hint")
  void causeGone() {
    run()
        .ended("builds", Outcome.PASS, "fine")
        .ended("serves", Outcome.BLOCKED, "blocked by builds")
        .done();
    assertThat(hint("serves"))
        .isEqualTo(
            """
            [07 serves, go] the last run could not reach it; `mvn test -pl lab-07-example` tries again.

            Hint 1 of 3, where to look: serves one
            """);
  }

  @Test
  @DisplayName("checks that block each other in a damaged file are no endless loop")
  void circle() {
    run()
        .ended("builds", Outcome.BLOCKED, "blocked by serves")
        .ended("serves", Outcome.BLOCKED, "blocked by builds")
        .done();
    assertThat(lastLine(hint("serves"))).endsWith("serves one");
  }

  @Test
  @DisplayName("what the machine is to blame for is said, with its reason")
  void notGraded() {
    run().ended("shell", Outcome.ENV_ERROR, "No engine answers.").done();
    assertThat(hint("shell"))
        .startsWith(
            "[07 shell, go] the last run did not grade it, the machine was at fault; try again:"
                + " `mvn test -pl lab-07-example`.\n  measured: No engine answers.\n");
  }

  @Test
  @DisplayName("what does not apply asks for nothing")
  void notApplicable() {
    run().ended("shell", Outcome.NA, "does not apply here").done();
    assertThat(hint("shell"))
        .isEqualTo(
            "[07 shell, go] the last run did not ask for it, it does not apply: does not apply"
                + " here.\n");
    assertThat(hint("lean", Optional.of(Track.JAVA), false))
        .isEqualTo("[07 lean, java] does not apply to this track, so there is nothing to do.\n");
  }

  @Test
  @DisplayName("a run that broke off before the check is said not to have come to it")
  void brokenOff() {
    run().ended("builds", Outcome.PASS, "fine").done();
    assertThat(firstLine(hint("shell")))
        .isEqualTo(
            "[07 shell, go] the last run did not come to it; `mvn test -pl lab-07-example` grades"
                + " it.");
  }

  @Test
  @DisplayName("another problem begins with the first hint again, the same one does not")
  void anotherProblem() {
    hint("shell");
    run().ended("shell", Outcome.FAIL, "/bin/sh is dash").done();
    assertThat(lastLine(hint("shell"))).endsWith("shell one");
    assertThat(lastLine(hint("shell"))).endsWith("shell two");
    run().ended("shell", Outcome.FAIL, "/bin/sh is dash").done();
    assertThat(lastLine(hint("shell"))).endsWith("shell three");
    run().ended("shell", Outcome.FAIL, "/sbin/x is busybox").done();
    assertThat(lastLine(hint("shell"))).endsWith("shell one");
  }

  @Test
  @DisplayName("numbers and drawn zones that differ from run to run make no other problem")
  void sameProblem() {
    run().ended("shell", Outcome.FAIL, "no time in Asia/Kathmandu after 12.5 s").done();
    hint("shell");
    run().ended("shell", Outcome.FAIL, "no time in America/St_Johns after 9.75 s").done();
    assertThat(lastLine(hint("shell"))).endsWith("shell two");
  }

  @Test
  @DisplayName("a machine at fault in between does not begin the same problem anew")
  void faultInBetween() {
    run().ended("shell", Outcome.FAIL, "/bin/sh").done();
    hint("shell");
    run().ended("shell", Outcome.ENV_ERROR, "No engine answers.").done();
    assertThat(lastLine(hint("shell"))).endsWith("shell two");
    run().ended("shell", Outcome.FAIL, "/bin/sh").done();
    assertThat(lastLine(hint("shell"))).endsWith("shell three");
  }

  @Test
  @DisplayName("after a pass, the same failure is another problem")
  void passedSince() {
    Run failing = run().ended("shell", Outcome.FAIL, "/bin/sh").ended("lean", Outcome.FAIL, "fat");
    failing.done();
    hint("shell");
    hint("lean");
    Hints.beginAnew(
        run().ended("shell", Outcome.PASS, "").ended("lean", Outcome.FAIL, "fat").grade,
        lab.output("grade"));
    assertThat(lastLine(hint("shell"))).endsWith("shell one");
    assertThat(lastLine(hint("lean"))).endsWith("lean two");
  }

  @Test
  @DisplayName("a pass that is looked at begins anew too")
  void passSeen() {
    run().ended("shell", Outcome.FAIL, "/bin/sh").done();
    hint("shell");
    run().ended("shell", Outcome.PASS, "none").done();
    assertThat(lastLine(hint("shell"))).endsWith("shell one");
    run().ended("shell", Outcome.FAIL, "/bin/sh").done();
    assertThat(lastLine(hint("shell"))).endsWith("shell one");
  }

  @Test
  @DisplayName("without a track it is that of the last run, and of several the one that fails")
  void whichTrack() throws IOException {
    new Run(Track.JAVA).ended("shell", Outcome.FAIL, "/bin/sh").done();
    assertThat(firstLine(hint("shell"))).startsWith("[07 shell, java] the last run failed it");
    assertThat(firstLine(hint("shell", Optional.of(Track.GO), false)))
        .startsWith("[07 shell, go] not run yet");
    Files.delete(lab.output("grade").resolve("grade.json"));
    run().ended("shell", Outcome.PASS, "none").ended("serves", Outcome.FAIL, "no").in("go");
    new Run(Track.JAVA)
        .ended("shell", Outcome.FAIL, "sh")
        .ended("serves", Outcome.FAIL, "n")
        .in("java");
    assertThat(firstLine(hint("shell"))).startsWith("[07 shell, java]");
    assertThat(firstLine(hint("serves"))).startsWith("[07 serves, go]");
  }

  @Test
  @DisplayName("of two grades of one track the later one counts")
  void laterGrade() throws IOException {
    run().ended("shell", Outcome.FAIL, "/bin/sh").done();
    run().ended("shell", Outcome.PASS, "none").in("go");
    Files.setLastModifiedTime(
        lab.output("grade").resolve("go/grade.json"), FileTime.from(Instant.EPOCH));
    assertThat(firstLine(hint("shell"))).contains("failed");
  }

  @Test
  @DisplayName("somebody else's submission is named")
  void somebodyElse() {
    Grade grade = new Grade(Hints.of(lab).rubric(), Track.GO, "../anna");
    grade.record("shell", Outcome.PASS, "none", "");
    GradeReport.write(grade, lab.output("grade").resolve("grade.json"));
    assertThat(firstLine(hint("shell")))
        .isEqualTo("[07 shell, go] the last run, of ../anna, passed it: there is nothing to mend.");
  }

  @ParameterizedTest
  @DisplayName("a damaged grade is as good as none")
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "7",
        "\u0000\u0001",
        "{\"lab\": \"07\"}",
        "{\"lab\": \"08\", \"track\": \"go\"}",
        "{\"lab\": \"07\", \"track\": \"cobol\"}",
        "{\"lab\": {}, \"track\": []}",
      })
  void damagedGrade(String text) throws IOException {
    Path file = lab.output("grade").resolve("grade.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(firstLine(hint("shell"))).contains("not run yet");
  }

  @ParameterizedTest
  @DisplayName("a line of a grade that makes no sense decides nothing")
  @ValueSource(
      strings = {
        "7",
        "[7, null, {}, []]",
        "{\"id\": \"shell\"}",
        "[{\"id\": \"shell\", \"outcome\": \"WON\"}]",
        "[{\"id\": [\"shell\"], \"outcome\": \"PASS\"}]",
      })
  void damagedLine(String checks) throws IOException {
    Path file = lab.output("grade").resolve("grade.json");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "{\"lab\": \"07\", \"track\": \"go\", \"submission\": \"lab-07-example\", \"checks\": "
            + checks
            + "}");
    assertThat(firstLine(hint("shell"))).contains("did not come to it");
  }

  @Test
  @DisplayName("a grade that is too large, or a link, is not read")
  void strangeGrade() throws IOException {
    run().ended("shell", Outcome.PASS, "none").done();
    Path file = lab.output("grade").resolve("grade.json");
    Path moved = Files.move(file, root.resolve("elsewhere.json"));
    Files.createSymbolicLink(file, moved);
    assertThat(firstLine(hint("shell"))).contains("not run yet");
    Files.delete(file);
    Files.writeString(file, Files.readString(moved) + " ".repeat(5 << 20));
    assertThat(firstLine(hint("shell"))).contains("not run yet");
  }

  @Test
  @DisplayName("nothing of a grade reaches the terminal raw")
  void cleaned() throws IOException {
    Path file = lab.output("grade").resolve("grade.json");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        {"lab": "07", "track": "go", "submission": "\\u001b[2Jx", "checks": [
          {"id": "shell", "outcome": "FAIL", "measured": "a\\u001b]0;b\\nc", "next": "\\u0007"},
          {"id": "lean", "outcome": "NA", "measured": "\\u001b[1m"},
          {"id": "builds\\u001b[2J", "outcome": "FAIL"},
          {"id": "serves", "outcome": "BLOCKED", "measured": "blocked by builds\\u001b[2J"}]}
        """);
    for (String check : List.of("shell", "lean", "serves")) {
      assertThat(hint(check).codePoints().filter(c -> c != '\n'))
          .as(check)
          .noneMatch(Character::isISOControl);
    }
  }

  @ParameterizedTest
  @DisplayName("a damaged memory is none")
  @ValueSource(
      strings = {
        "",
        "{",
        "[1]",
        "{\"go shell\": 3}",
        "{\"go shell\": {\"hints\": -7, \"about\": \"\"}}",
        "{\"go shell\": {\"hints\": \"x\", \"about\": \"\"}}",
        "{\"go shell\": {\"hints\": 2, \"about\": \"another\"}}",
      })
  void damagedMemory(String text) throws IOException {
    run().ended("shell", Outcome.FAIL, "/bin/sh").done();
    Files.writeString(state, text);
    assertThat(lastLine(hint("shell"))).endsWith("shell one");
    assertThat(lastLine(hint("shell"))).endsWith("shell two");
  }

  @Test
  @DisplayName("a memory with too high a number is at the last hint")
  void tooHigh() throws IOException {
    Files.createDirectories(state.getParent());
    Files.writeString(state, "{\"go shell\": {\"hints\": 99, \"about\": \"\"}}");
    assertThat(lastLine(hint("shell"))).startsWith("There are no more hints;").endsWith("three");
  }

  @Test
  @DisplayName("where nothing can be written, the first hint is given each time")
  void unwritable() throws IOException {
    Files.writeString(lab.path().resolve("target"), "a file in the folder's place");
    assertThat(lastLine(hint("shell"))).endsWith("shell one");
    assertThat(lastLine(hint("shell"))).endsWith("shell one");
  }

  @Test
  @DisplayName("the memory is one file in target, outside of the folder that a run clears")
  void place() throws IOException {
    hint("shell");
    try (var files = Files.list(lab.path().resolve("target"))) {
      assertThat(files).containsExactly(state);
    }
  }

  @Test
  @DisplayName("the hints of the real labs can be read")
  void realLabs() {
    for (LabFolder real : Workbook.find().labs()) {
      assertThat(Hints.of(real).rubric().checks()).isNotEmpty();
      assertThat(Hints.of(real).rubric().lab()).isEqualTo(real.number());
    }
  }
}
