package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Holds lab 03's page on trade-offs and {@link TradeoffsTest} together. */
class TradeoffsPageTest {

  private static final String SECTION = "\n## ";

  /** What ends a statement: unseen where the page is read, and the name of its test. */
  private static final Pattern MARK = Pattern.compile("<!-- test: (\\w+) -->");

  private static String page;

  @BeforeAll
  static void read() throws IOException {
    page =
        Files.readString(
            Workbook.find().root().resolve(Content.Lab.SCRATCH.folder()).resolve("TRADEOFFS.md"));
  }

  /** The paragraphs, list entries and the like below the first section's title. */
  private static List<String> statements() {
    return Arrays.stream(page.substring(page.indexOf(SECTION)).strip().split("\n\\s*\n"))
        .map(String::strip)
        .filter(block -> !block.startsWith("## "))
        .toList();
  }

  @Test
  @DisplayName("every statement of the page names its test")
  void everyStatementNamesItsTest() {
    assertThat(statements())
        .hasSizeGreaterThan(20)
        .allSatisfy(statement -> assertThat(statement).containsPattern(MARK.pattern() + "$"));
  }

  @Test
  @DisplayName("every test named exists, every test is named, and none twice")
  void everyTestHasItsStatement() {
    assertThat(MARK.matcher(page).results().map(mark -> mark.group(1)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TradeoffsTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .toList());
  }
}
