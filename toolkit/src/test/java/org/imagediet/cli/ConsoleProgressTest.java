package org.imagediet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.imagediet.cli.ConsoleProgress.Style;
import org.imagediet.engine.Progress.Task;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private ConsoleProgress progress(Style style, int columns) {
    return progress(style, columns, 100);
  }

  private ConsoleProgress progress(Style style, int columns, int firstSignMillis) {
    return new ConsoleProgress(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), style, columns, firstSignMillis, 300);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private String[] paints() {
    return text().split("\r\u001b\\[K");
  }

  private static void await(BooleanSupplier seen) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!seen.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
  }

  private List<String> lines() {
    return text().lines().map(line -> line.replaceAll("\\d+\\.\\d", "T")).toList();
  }

  @Test
  @DisplayName("a short step is one plain line, with its result")
  void shortStep() {
    try (Task task = progress(Style.PLAIN, 80, 60_000).begin("read go naive")) {
      task.detail("layer 1");
      task.done("78 MB");
    }
    assertThat(lines()).containsExactly("  ok  read go naive (T s): 78 MB");
  }

  @Test
  @DisplayName("a long step gives plain signs of life, with what it last did")
  void longStep() throws InterruptedException {
    try (Task task = progress(Style.PLAIN, 80).begin("build")) {
      task.detail("step \u001b[31m3");
      await(() -> text().contains("still build"));
      task.done("");
    }
    assertThat(lines().get(0)).matches("  \\.\\.\\. build, \\d+ s: step \\?\\[31m3");
    assertThat(lines().get(1)).matches("  \\.\\.\\. still build, \\d+ s: step \\?\\[31m3");
    assertThat(lines().get(lines().size() - 1)).isEqualTo("  ok  build (T s)");
    assertThat(text()).doesNotContain("\r");
  }

  @Test
  @DisplayName("a step that is closed without a result is said not to have finished")
  void notFinished() {
    try (Task task = progress(Style.PLAIN, 80, 60_000).begin("build")) {
      task.detail("on the way");
    }
    assertThat(lines()).containsExactly("  --  build (T s): not finished");
  }

  @Test
  @DisplayName("on a terminal the line fits its width and gives way to the result")
  void live() throws InterruptedException {
    try (Task task = progress(Style.LIVE, 30).begin("build something with a long name")) {
      await(() -> paints().length > 2);
      task.done("");
    }
    String[] paints = paints();
    assertThat(paints).hasSizeGreaterThan(3);
    assertThat(paints[1]).isEqualTo("  ... build something with a ".substring(0, 29));
    assertThat(paints[2]).hasSizeLessThan(30).doesNotContain("\n");
    assertThat(paints[paints.length - 1]).startsWith("  ok  build").endsWith("\n");
  }

  @Test
  @DisplayName("steps at the same time leave whole lines, and the other one goes on")
  void together() {
    ConsoleProgress progress = progress(Style.LIVE, 80);
    Task one = progress.begin("one");
    Task two = progress.begin("two");
    one.done("");
    assertThat(text()).endsWith("\r\u001b[K  ... two");
    two.done("");
    assertThat(text()).endsWith("\n");
  }

  @Test
  @DisplayName("switched off, it says nothing")
  void off() {
    try (Task task = progress(Style.OFF, 80).begin("build")) {
      task.done("fine");
    }
    assertThat(text()).isEmpty();
  }
}
