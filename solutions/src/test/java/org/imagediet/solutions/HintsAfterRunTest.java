package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What a lab's run, which needs no engine here, does to the memory of hints beside its grades. */
class HintsAfterRunTest {

  /** Fails the first check of lab 01 and passes the second, whatever the submission. */
  @Lab("lab-01-naive")
  record Example(Judge judge) {

    @Check("builds")
    void builds() {
      judge.decide(bench -> Verdict.fail("it does not", "Why?"));
    }

    @Check("measured")
    void measured() {
      judge.decide(bench -> Verdict.pass("right"));
    }
  }

  @TempDir private Path target;

  @Test
  @DisplayName("what a run passed is forgotten, what it failed is not")
  void forgets() throws IOException {
    Path memory = target.resolve("hints.json");
    Files.writeString(
        memory,
        """
        {"go builds": {"hints": 2, "about": "x"}, "go measured": {"hints": 2, "about": "y"}}
        """);
    try (LauncherSession session = LauncherFactory.openSession()) {
      session
          .getLauncher()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .enableImplicitConfigurationParameters(false)
                  .configurationParameter("grade.folder", target.resolve("grade").toString())
                  .configurationParameter("grade.table", "false")
                  .selectors(selectClass(Example.class))
                  .build());
    }
    assertThat(target.resolve("grade/grade.json")).content().contains("\"score\" : 50");
    assertThat(memory).content().contains("go builds").doesNotContain("go measured");
  }
}
