package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Grades the grader: solutions that a machine made wrong must fail, by the right check, and those
 * that it only wrote differently must keep every point.
 *
 * <p>A few of them are tried at every verification that finds something changed. {@code
 * -Dverdicts=all} tries all and writes {@code target/verdicts.md}; {@code -Dcontent=02.*USER} runs
 * only those whose name holds a match.
 */
@ExtendWith(Grader.Extension.class)
@Execution(ExecutionMode.CONCURRENT)
final class VerdictsTest {

  private static final boolean ALL = System.getProperty("verdicts", "").equals("all");
  private static final Pattern ONLY = Pattern.compile(System.getProperty("content", ""));
  private static final VerdictTable TABLE = new VerdictTable();

  @TestFactory
  @DisplayName("a mutant fails, by the check that it is meant for")
  List<DynamicTest> mutants(Grader grader) {
    List<DynamicTest> tests = new ArrayList<>();
    for (EditedSolution mutant : chosen(Edits.mutants())) {
      tests.add(
          test(
              mutant,
              () -> {
                Graded graded = grader.grade(mutant);
                TABLE.add(mutant, graded);
                assertThat(graded.ended("ENV_ERROR")).as(graded::all).isEmpty();
                if (mutant.harmless()) {
                  assertThat(lost(graded)).as(graded::all).isEmpty();
                } else {
                  assertThat(graded.ended("FAIL")).as(graded::all).containsAll(mutant.caughtBy());
                }
              }));
    }
    return tests;
  }

  @TestFactory
  @DisplayName("a right answer in another style keeps every point")
  List<DynamicTest> variations(Grader grader) {
    List<DynamicTest> tests = new ArrayList<>();
    for (EditedSolution variation : chosen(Edits.variations())) {
      tests.add(
          test(
              variation,
              () -> {
                Graded graded = grader.grade(variation);
                TABLE.add(variation, graded);
                assertThat(lost(graded)).as(graded::all).isEmpty();
              }));
    }
    return tests;
  }

  private static DynamicTest test(EditedSolution edited, Executable body) {
    return dynamicTest(
        edited.title(),
        () -> {
          if (ALL) {
            // The table counts what it has seen itself.
            body.execute();
          } else {
            Unchanged.standard()
                .orRun(edited.title(), Unchanged.Digested.text(edited).in(edited.lab()), body);
          }
        });
  }

  private static Set<String> lost(Graded graded) {
    Set<String> lost = new TreeSet<>();
    for (String outcome : List.of("FAIL", "BLOCKED", "ENV_ERROR", "NOT_RUN")) {
      lost.addAll(graded.ended(outcome));
    }
    return lost;
  }

  private static List<EditedSolution> chosen(List<EditedSolution> edited) {
    return edited.stream()
        .filter(one -> ALL || one.sample())
        .filter(one -> ONLY.matcher(one.title()).find())
        .toList();
  }

  @AfterAll
  static void table() {
    if (ALL) {
      TABLE.write();
    }
  }
}
