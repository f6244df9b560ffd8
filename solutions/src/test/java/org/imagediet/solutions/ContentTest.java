package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imagediet.workbook.Track;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What the labs hand out and what they must catch: every starter fails as its lab means it to,
 * every solution passes, and every wrong answer fails in exactly the checks that it is wrong for,
 * with the words that its student needs. What passed before, and would be no different today, is
 * skipped.
 *
 * <p>{@code -Dcontent=02.*renamed} runs only the tests whose name holds a match.
 */
@ExtendWith(Grader.Extension.class)
@Execution(ExecutionMode.CONCURRENT)
final class ContentTest {

  private static final String ONLY = System.getProperty("content", "");

  /** All but that it builds and serves: it looks fine and is not. */
  private static final Set<String> HARDENING =
      Set.of(
          "scan",
          "triage",
          "surface",
          "drill",
          "nonroot-uid",
          "no-shell",
          "no-setuid",
          "no-secrets",
          "read-only-rootfs",
          "no-capabilities",
          "no-new-privileges",
          "limits",
          "healthcheck",
          "graceful-stop");

  /** It lets everything pass, so that how it would fail cannot be seen. */
  private static final Set<String> CI_BUDGET = Set.of("baseline", "workflow", "gate-fails-growth");

  /** What each starter fails; what only they block is left out. */
  private static final Map<String, Set<String>> STARTERS =
      Map.ofEntries(
          Map.entry("01 go", Set.of("serves", "inline-build", "measured")),
          Map.entry("01 java", Set.of("serves", "inline-build", "measured")),
          Map.entry("01 python", Set.of("serves", "inline-build", "measured")),
          Map.entry("01 rust", Set.of("serves", "inline-build", "measured")),
          Map.entry(
              "02 go",
              Set.of(
                  "stages",
                  "test-stage-gates",
                  "distroless-base",
                  "nonroot-uid",
                  "no-shell",
                  "no-package-manager",
                  "no-toolchain",
                  "lean-binary",
                  "debug-target",
                  "measured")),
          Map.entry(
              "02 java",
              Set.of(
                  "distroless-base",
                  "nonroot-uid",
                  "no-shell",
                  "no-package-manager",
                  "no-toolchain",
                  "measured")),
          Map.entry(
              "02 python",
              Set.of(
                  "stages",
                  "test-stage-gates",
                  "distroless-base",
                  "nonroot-uid",
                  "no-shell",
                  "no-package-manager",
                  "no-toolchain",
                  "debug-target",
                  "measured")),
          Map.entry(
              "02 rust",
              Set.of(
                  "stages",
                  "test-stage-gates",
                  "distroless-base",
                  "nonroot-uid",
                  "no-shell",
                  "no-package-manager",
                  "no-toolchain",
                  "lean-binary",
                  "debug-target",
                  "measured")),
          Map.entry("03 go", Set.of("serves", "test-stage-gates", "static-binary")),
          Map.entry("03 java", Set.of("serves", "test-stage-gates", "static-binary", "size")),
          Map.entry("03 rust", Set.of("serves", "test-stage-gates", "static-binary")),
          Map.entry("04 go", HARDENING),
          Map.entry("04 java", HARDENING),
          Map.entry("04 python", HARDENING),
          Map.entry("04 rust", HARDENING),
          Map.entry("05 go", CI_BUDGET),
          Map.entry("05 java", CI_BUDGET),
          Map.entry("05 python", CI_BUDGET),
          Map.entry("05 rust", CI_BUDGET));

  @TestFactory
  @DisplayName("a starter fails as its lab means it to, and is not green by chance")
  List<DynamicTest> starters(Grader grader) {
    return each(
        (lab, track) ->
            Stream.of(
                test(
                    lab,
                    "starter of %s, %s".formatted(lab.number(), track.id()),
                    Content.starter(lab, track),
                    () -> {
                      Graded graded = grader.grade(lab, track, Content.starter(lab, track));
                      assertThat(graded.ended("ENV_ERROR")).as(graded::all).isEmpty();
                      assertThat(graded.ended("FAIL"))
                          .as(graded::all)
                          .isEqualTo(new TreeSet<>(STARTERS.get(lab.number() + " " + track.id())));
                    })));
  }

  @TestFactory
  @DisplayName("a solution gets every point")
  List<DynamicTest> solutions(Grader grader) {
    return each(
        (lab, track) ->
            Stream.of(
                test(
                    lab,
                    "solution of %s, %s".formatted(lab.number(), track.id()),
                    Content.solution(lab, track),
                    () -> {
                      Graded graded = grader.grade(lab, track, Content.solution(lab, track));
                      assertThat(graded.printed()).as(graded::all).isEmpty();
                      assertThat(graded.json().path("score"))
                          .as(graded::all)
                          .isEqualTo(graded.json().path("max"));
                      assertThat(graded.ended("NOT_RUN")).isEmpty();
                    })));
  }

  @TestFactory
  @DisplayName("a wrong answer fails in the right checks, with the right words")
  List<DynamicTest> wrongAnswers(Grader grader) {
    return each(
        (lab, track) ->
            Content.wrongAnswers(lab, track).stream()
                .map(
                    wrong ->
                        test(
                            lab,
                            wrong.name(),
                            wrong.folder(),
                            () -> {
                              Graded graded = grader.gradeChanged(lab, track, wrong.folder());
                              assertThat(graded.ended("ENV_ERROR")).as(graded::all).isEmpty();
                              assertThat(graded.ended("FAIL"))
                                  .as(graded::all)
                                  .isEqualTo(wrong.fails());
                              assertThat(graded.printed()).contains(wrong.says());
                            })));
  }

  /** One of each lab and track in turn, since some labs' gradings compute and others' wait. */
  private static List<DynamicTest> each(BiFunction<Content.Lab, Track, Stream<DynamicTest>> tests) {
    Pattern only = Pattern.compile(ONLY);
    Deque<Iterator<DynamicTest>> groups = new ArrayDeque<>();
    for (Content.Lab lab : Content.Lab.values()) {
      for (Track track : lab.rubric().tracks()) {
        groups.add(
            tests
                .apply(lab, track)
                .filter(test -> only.matcher(test.getDisplayName()).find())
                .iterator());
      }
    }
    List<DynamicTest> all = new ArrayList<>();
    while (!groups.isEmpty()) {
      Iterator<DynamicTest> next = groups.remove();
      if (next.hasNext()) {
        all.add(next.next());
        groups.add(next);
      }
    }
    return all;
  }

  private static DynamicTest test(Content.Lab lab, String name, Path submission, Executable body) {
    return dynamicTest(
        name,
        () ->
            Unchanged.standard().orRun(name, Unchanged.Digested.folder(submission).in(lab), body));
  }
}
