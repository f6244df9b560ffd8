package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CommandTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  @DisplayName("hands on each line and keeps the last ones")
  void lines() {
    List<String> lines = new ArrayList<>();
    Command.Result result =
        Command.of("sh", "-c", "echo one; echo two >&2; exit 3").onLine(lines::add).run(LONG);
    assertThat(lines).containsExactly("one", "two");
    assertThat(result.lastLine()).isEqualTo("two");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.succeeded()).isFalse();
  }

  @Test
  @DisplayName("kills the program and its children at the deadline")
  void deadline() {
    long before = System.nanoTime();
    Command.Result result =
        Command.of("sh", "-c", "sleep 61.25 & wait").run(Duration.ofMillis(300));
    assertThat(result.timedOut()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(50));
    assertThat(
            ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(p -> p.info().commandLine().orElse("")))
        .noneMatch(line -> line.contains("sleep 61.25"));
  }

  @Test
  @DisplayName("lets a program put things in order before it is killed")
  void tidies() {
    Command.Result result =
        Command.of("sh", "-c", "trap 'echo tidied; exit 1' TERM; sleep 62.25 & wait")
            .run(Duration.ofSeconds(5));
    assertThat(result.timedOut()).isTrue();
    assertThat(result.lastLine()).isEqualTo("tidied");
  }

  @Test
  @DisplayName("keeps little of an endless line")
  void endlessLine() {
    Command.Result result =
        Command.of("sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x").run(LONG);
    assertThat(result.lastLine()).hasSize(2000);
  }

  @Test
  @DisplayName("says in one sentence that a program is not there")
  void absent() {
    Command absent = Command.of("no-such-program-here");
    assertThatThrownBy(() -> absent.run(LONG))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith("Cannot run no-such-program-here: ");
  }

  @Test
  @DisplayName("keeps standard output apart from standard error")
  void captured() {
    Command.Captured captured =
        Command.of("sh", "-c", "printf 'a\\nb'; echo warning >&2; exit 4").capture(LONG, 100);
    assertThat(captured.output()).isEqualTo("a\nb".getBytes(StandardCharsets.UTF_8));
    assertThat(captured.result().lastLines()).containsExactly("warning");
    assertThat(captured.result().exitCode()).isEqualTo(4);
    assertThat(captured.tooMuch()).isFalse();
  }

  @Test
  @DisplayName("ends a program that writes more than it may, and keeps no more than that")
  void tooMuch() {
    Command.Captured captured = Command.of("sh", "-c", "exec cat /dev/zero").capture(LONG, 5000);
    assertThat(captured.tooMuch()).isTrue();
    assertThat(captured.output()).hasSizeLessThanOrEqualTo(5000);
    assertThat(captured.result().timedOut()).isFalse();
  }

  @Test
  @DisplayName("ends a program when its condition no longer holds")
  void condition() {
    long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
    Command.Result result =
        Command.of("sleep", "63.25").whileTrue(() -> System.nanoTime() < end).run(LONG);
    assertThat(result.succeeded()).isFalse();
    assertThat(result.timedOut()).isFalse();
  }

  @Test
  @DisplayName("a program on a lifeline ends as usual, with its own exit code and its children")
  void lifeline() {
    Command.Result result =
        Command.of("sh", "-c", "cat; echo \"$1 $0\"; exit 3", "a", "b c").lifeline().run(LONG);
    assertThat(result.lastLines()).containsExactly("b c a");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(Command.of("sleep", "64.25").lifeline().run(Duration.ofMillis(300)).timedOut())
        .isTrue();
    assertThat(
            ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(p -> p.info().commandLine().orElse("")))
        .noneMatch(line -> line.contains("sleep 64.25"));
  }
}
