package org.imagediet.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TableTest {

  private final Table table =
      Table.of("image", "files").row("go naive", "23391").row("go scratch", "3");

  @Test
  @DisplayName("aligns its columns on a console")
  void console() {
    assertThat(table.console())
        .isEqualTo(
            """
            image       files
            ----------  -----
            go naive    23391
            go scratch      3
            """);
  }

  @Test
  @DisplayName("keeps a cell with a bar in one Markdown column")
  void markdown() {
    assertThat(Table.of("a", "b").row("x|y", "1").markdown())
        .isEqualTo("| a | b |\n|---|---:|\n| x\\|y | 1 |\n");
  }

  @Test
  @DisplayName("lets no backslash before a bar undo its escape")
  void backslash() {
    assertThat(Table.of("a").row("x\\\\|y\\z").markdown()).endsWith("| x\\|y\\z |\n");
  }

  @Test
  @DisplayName("prints no control characters")
  void clean() {
    assertThat(Table.of("a").row("\u001b[31mred\nnext").console()).doesNotContain("\u001b");
    assertThat(Table.of("a").row("two\nlines").console().lines()).hasSize(3);
  }

  @Test
  @DisplayName("aligns columns of text left when asked to")
  void left() {
    Table text = Table.of("id", "what", "n").left(1).row("1", "a word", "5").row("2", "b", "10");
    assertThat(text.console())
        .isEqualTo(
            """
            id  what     n
            --  ------  --
            1   a word   5
            2   b       10
            """);
    assertThat(text.markdown()).contains("|---|---|---:|");
  }
}
