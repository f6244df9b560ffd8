package org.imagediet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import org.imagediet.archive.ArchiveException;
import org.imagediet.budget.BaselineException;
import org.imagediet.diet.DietException;
import org.imagediet.engine.EnvironmentException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FailureTest {

  private static int exitCode(Throwable e) {
    return Failure.of(e).exitCode();
  }

  private static String printed(Throwable e) {
    StringWriter text = new StringWriter();
    Failure.of(e).report(new PrintWriter(text));
    return text.toString();
  }

  @Test
  @DisplayName("a machine at fault ends with 3, a wrong answer with 1")
  void sorted() {
    assertThat(exitCode(new EnvironmentException("No engine."))).isEqualTo(3);
    assertThat(exitCode(new BaselineException("No baseline."))).isEqualTo(3);
    assertThat(exitCode(new ArchiveException("Not a tar."))).isEqualTo(1);
    assertThat(exitCode(new DietException("Does not build."))).isEqualTo(1);
  }

  @Test
  @DisplayName("an argument that we refuse is wrong usage, one that a library refuses our mistake")
  void arguments() {
    assertThat(exitCode(new IllegalArgumentException("There is no file x."))).isEqualTo(2);
    assertThat(Failure.of(refusedByTheJdk()).exitCode()).isEqualTo(3);
    assertThat(printed(refusedByTheJdk())).startsWith("lab: internal error (");
  }

  private static IllegalArgumentException refusedByTheJdk() {
    try {
      throw new AssertionError(URI.create("a b"));
    } catch (IllegalArgumentException e) {
      return e;
    }
  }

  @Test
  @DisplayName("a full disk and exhausted memory are the machine's, however deep they lie")
  void resources() {
    IOException full = new IOException("No space left on device");
    assertThat(exitCode(new UncheckedIOException(full))).isEqualTo(3);
    assertThat(printed(new RuntimeException(full)))
        .contains("no space left on this machine's disk");
    assertThat(exitCode(new OutOfMemoryError("Java heap space"))).isEqualTo(3);
    assertThat(printed(new OutOfMemoryError("Java heap space"))).contains("LAB_JAVA_OPTS=-Xmx2g");
  }

  @Test
  @DisplayName("the unexpected is one line that asks for a report, without a stack trace")
  void unexpected() {
    assertThat(printed(new IllegalStateException("oops")))
        .isEqualTo(
            "lab: internal error (java.lang.IllegalStateException: oops);"
                + " please report it with what LAB_DEBUG=1 adds to it."
                + System.lineSeparator());
    assertThat(exitCode(new StackOverflowError())).isEqualTo(3);
  }

  @Test
  @DisplayName("a message without words and one with control characters are printable")
  void printable() {
    assertThat(printed(new EnvironmentException("")))
        .isEqualTo("lab: EnvironmentException" + System.lineSeparator());
    assertThat(printed(new ArchiveException("bad \u001b[2J name\nsecond")))
        .isEqualTo(
            "lab: bad ?[2J name" + System.lineSeparator() + "second" + System.lineSeparator());
  }
}
