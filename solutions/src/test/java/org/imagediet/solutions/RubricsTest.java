package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imagediet.grading.Rubric;
import org.imagediet.grading.junit.Check;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the labs ask for, without an engine. */
final class RubricsTest {

  /** Named in reports and wrong answers, so that none may change by accident. */
  private static final Map<Content.Lab, String> IDS =
      Map.of(
          Content.Lab.NAIVE,
          "builds serves ubuntu-base inline-build measured",
          Content.Lab.DISTROLESS,
          "builds serves stages test-stage-gates distroless-base smallest-variant nonroot-uid"
              + " no-shell no-package-manager no-toolchain lean-binary size tls-verifies"
              + " tls-rejects debug-target measured",
          Content.Lab.SCRATCH,
          "builds serves test-stage-gates from-scratch static-binary nonroot-uid no-shell ca-bundle"
              + " tls-verifies tls-rejects timezone temp-dir size tradeoffs",
          Content.Lab.HARDENING,
          "builds serves scan triage surface drill nonroot-uid no-shell no-setuid no-secrets"
              + " read-only-rootfs no-capabilities no-new-privileges limits healthcheck"
              + " graceful-stop",
          Content.Lab.CI_BUDGET,
          "builds baseline workflow gate-passes-unchanged gate-passes-small-growth"
              + " gate-fails-growth gate-names-culprit gate-needs-baseline deliberate-growth");

  private static final Pattern BREAKS = Pattern.compile("[\\s\"',\\[\\]]+");
  private static final Pattern TELLING = Pattern.compile(".*[^A-Za-z.].*");

  @ParameterizedTest
  @EnumSource
  @DisplayName("a lab asks for the checks it is known for, and its tests decide each of them once")
  void ids(Content.Lab lab) throws ClassNotFoundException {
    Class<?> test = Class.forName(lab.test());
    Rubric rubric = lab.rubric();

    assertThat(rubric.lab()).isEqualTo(lab.number());
    assertThat(rubric.checks())
        .extracting(Rubric.Check::id)
        .containsExactly(IDS.get(lab).split(" "));
    assertThat(
            Stream.of(test.getDeclaredMethods())
                .flatMap(method -> Stream.ofNullable(method.getAnnotation(Check.class)))
                .map(Check::value))
        .containsExactlyInAnyOrder(IDS.get(lab).split(" "));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the page of a lab lists its checks with their points")
  void page(Content.Lab lab) throws IOException {
    String page =
        Files.readString(Workbook.find().root().resolve(lab.folder()).resolve("README.md"));
    for (Rubric.Check check : lab.rubric().checks()) {
      assertThat(page).contains("| `%s` | %d | ".formatted(check.id(), check.points()));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("no text of a rubric has a word of the solution that says how")
  void giveNothingAway(Content.Lab lab) throws IOException {
    Set<String> telling = new TreeSet<>();
    for (Track track : lab.rubric().tracks()) {
      telling.addAll(words(Content.solution(lab, track)));
      telling.removeAll(words(Content.starter(lab, track)));
    }
    telling.removeIf(word -> word.length() < 4 || !TELLING.matcher(word).matches());
    assertThat(telling).hasSizeGreaterThan(5);

    for (Rubric.Check check : lab.rubric().checks()) {
      Stream.concat(check.hints().stream(), Stream.of(check.title(), check.failed(), check.why()))
          .forEach(text -> assertThat(text).as(check.id()).doesNotContain(telling));
    }
  }

  /** The words of the lines of files that say how, comments left out. */
  private static Set<String> words(Path folder) throws IOException {
    Set<String> words = new TreeSet<>();
    for (String name : List.of("Dockerfile", "jib.yaml", "workflow.yml")) {
      if (Files.exists(folder.resolve(name))) {
        for (String line : Files.readAllLines(folder.resolve(name))) {
          if (!line.strip().startsWith("#")) {
            words.addAll(Arrays.asList(BREAKS.split(line)));
          }
        }
      }
    }
    return words;
  }
}
