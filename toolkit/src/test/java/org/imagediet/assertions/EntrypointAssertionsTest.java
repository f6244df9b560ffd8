package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.imagediet.assertions.ImageAssertions.assertThat;

import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntrypointAssertionsTest {

  private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

  private static TestImage dynamic() {
    return new TestImage()
        .layer("COPY app /app")
        .program("/app", TestImage.dynamicElf(LOADER, "libssl.so.3", "libc.so.6"))
        .entrypoint("/app");
  }

  private static TestImage started(String line) {
    return TestImage.good().shell("/opt/starter").entrypoint(line.split(" "));
  }

  @Test
  @DisplayName("hasEntrypoint compares word by word")
  void entrypoint() {
    assertThat(started("/app -v").command("more").image()).hasEntrypoint("/app", "-v");
    assertThat(FailureTexts.of(() -> assertThat(started("/app -v").image()).hasEntrypoint("/app")))
        .isEqualTo(
            """
            The image my/app:1.2 has another entrypoint
              measured: ["/app", "-v"]
              expected: ["/app"]
              why:      the entrypoint is what every container of the image starts""");
    ContainerImage none = TestImage.good().entrypoint().command("/app").image();
    assertThat(FailureTexts.of(() -> assertThat(none).hasEntrypoint("/app")))
        .contains("measured: no entrypoint is set\n");
    assertThatIllegalArgumentException().isThrownBy(() -> assertThat(none).hasEntrypoint());
  }

  @ParameterizedTest
  @DisplayName("hasExecFormEntrypoint lets programs, scripts and look-alikes pass")
  @ValueSource(
      strings = {
        "/app",
        "/app -c x",
        "/bin/sh /start.sh -c",
        "bash -e start.sh -c",
        "tini -- /app",
        "env A=b /app",
        "python -c x",
        "/opt/starter serve"
      })
  void execForm(String line) {
    assertThat(started(line).image()).hasExecFormEntrypoint();
  }

  @ParameterizedTest
  @DisplayName("hasExecFormEntrypoint sees a shell with a command line under any name")
  @ValueSource(
      strings = {
        "/bin/sh -c exec",
        "/bin/bash -o pipefail -c app",
        "/bin/bash -euo pipefail -c app",
        "/bin/ash -eo pipefail -c app",
        "sh -ec app",
        "/busybox/busybox sh -c app",
        "/usr/bin/env bash -c app",
        "tini -- sh -c app",
        "/opt/starter -c app"
      })
  void shellForm(String line) {
    assertThat(FailureTexts.of(() -> assertThat(started(line).image()).hasExecFormEntrypoint()))
        .isEqualTo(
            """
            The image my/app:1.2 does not start its program itself
              measured: ["%s"] starts a shell, which starts the rest
              expected: the program and its arguments, without a shell in between
              why:      such a shell must be in the image, and SIGTERM may end at it, so that the service is killed after the grace period"""
                .formatted(line.replace(" ", "\", \"")));
  }

  @Test
  @DisplayName("hasExecFormEntrypoint looks at the command where there is no entrypoint")
  void execFormOfCommand() {
    assertThat(TestImage.good().entrypoint().command("/app").image()).hasExecFormEntrypoint();
    ContainerImage shell = TestImage.good().entrypoint().command("/bin/sh", "-c", "app").image();
    assertThat(FailureTexts.of(() -> assertThat(shell).hasExecFormEntrypoint()))
        .contains("[\"/bin/sh\", \"-c\", \"app\"] starts a shell");
    ContainerImage none = TestImage.good().entrypoint().image();
    assertThat(FailureTexts.of(() -> assertThat(none).hasExecFormEntrypoint()))
        .contains("measured: neither an entrypoint nor a command is set\n");
  }

  @Test
  @DisplayName("hasStaticEntrypoint passes without loader and libraries, and names them")
  void staticEntrypoint() {
    assertThat(TestImage.good().image()).hasStaticEntrypoint();
    assertThat(FailureTexts.of(() -> assertThat(dynamic().image()).hasStaticEntrypoint()))
        .isEqualTo(
            """
            The image my/app:1.2 does not start a static program
              measured: /app is dynamic x86-64, loader /lib64/ld-linux-x86-64.so.2, libraries libssl.so.3 libc.so.6, stripped, from layer 1: COPY app /app
              expected: an ELF program that asks for no loader and no libraries
              why:      what asks for a loader that is not there ends with `no such file or directory`""");
  }

  @Test
  @DisplayName("hasStaticEntrypoint fails for a Go PIE, which asks for a loader only")
  void goPie() {
    ContainerImage pie =
        new TestImage()
            .layer("COPY app /app")
            .program("/app", TestImage.dynamicElf(LOADER))
            .entrypoint("/app")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(pie).hasStaticEntrypoint()))
        .contains("loader /lib64/ld-linux-x86-64.so.2, no libraries needed, stripped");
  }

  @ParameterizedTest
  @DisplayName("what is said of the started program needs one")
  @ValueSource(strings = {"static", "stripped", "self-contained"})
  void noProgram(String what) {
    assertThat(FailureTexts.of(() -> check(TestImage.good().entrypoint().image(), what)))
        .contains("measured: neither an entrypoint nor a command is set\n");
    assertThat(FailureTexts.of(() -> check(TestImage.good().entrypoint("/no").image(), what)))
        .contains("measured: /no, which the image starts, is not in the image\n");
    ContainerImage text =
        TestImage.good().file("/etc/passwd", "").entrypoint("/etc/passwd").image();
    assertThat(FailureTexts.of(() -> check(text, what)))
        .contains("measured: /etc/passwd is not a program, from layer 1: COPY app /app\n");
  }

  private static void check(ContainerImage image, String what) {
    switch (what) {
      case "static" -> assertThat(image).hasStaticEntrypoint();
      case "stripped" -> assertThat(image).hasStrippedEntrypoint();
      default -> assertThat(image).hasSelfContainedEntrypoint();
    }
  }

  @Test
  @DisplayName("hasStaticEntrypoint and hasStrippedEntrypoint fail for a script")
  void script() {
    ContainerImage image =
        TestImage.good().script("/start.sh", "/bin/sh -e").entrypoint("/start.sh").image();
    String measured =
        "measured: /start.sh is a script of /bin/sh -e, from layer 1: COPY app /app\n";
    assertThat(FailureTexts.of(() -> check(image, "static"))).contains(measured);
    assertThat(FailureTexts.of(() -> check(image, "stripped"))).contains(measured);
  }

  @Test
  @DisplayName("hasStrippedEntrypoint names the sections that are left")
  void stripped() {
    assertThat(TestImage.good().image()).hasStrippedEntrypoint();
    ContainerImage image =
        new TestImage()
            .layer("COPY app /app")
            .program("/app", TestImage.unstripped())
            .entrypoint("/app")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasStrippedEntrypoint()))
        .isEqualTo(
            """
            The image my/app:1.2 does not start a stripped program
              measured: /app is static x86-64, no libraries needed, not stripped, from layer 1: COPY app /app
                        sections .symtab .debug_info .debug_line
              expected: an ELF program without .symtab and without debug sections
              why:      symbols are for debuggers: at run time they are weight, and a map for an attacker""");
  }

  @Test
  @DisplayName("hasSelfContainedEntrypoint follows loader, libraries and what these ask for")
  void selfContained() {
    assertThat(TestImage.good().image()).hasSelfContainedEntrypoint();
    TestImage base =
        dynamic()
            .layer("FROM base")
            .program("/usr/lib/ld.so", TestImage.library())
            .symlink(LOADER, "/usr/lib/ld.so")
            .program("/usr/lib/libc.so.6", TestImage.library("ld.so"))
            .program("/usr/lib/libssl.so.3.2", TestImage.library("libcrypto.so.3"))
            .symlink("/usr/lib/libssl.so.3", "libssl.so.3.2");
    String text = FailureTexts.of(() -> assertThat(base.image()).hasSelfContainedEntrypoint());
    assertThat(text)
        .isEqualTo(
            """
            The image my/app:1.2 does not have all that its program asks for
              measured: /usr/lib/libssl.so.3.2 asks for libcrypto.so.3, and no x86-64 library of that name is in the image
              expected: a program whose loader and libraries are in the image
              why:      a loader or library that is missing is only missed when the container starts""");
  }

  @Test
  @DisplayName("hasSelfContainedEntrypoint passes with the whole of it, and misses the loader")
  void loader() {
    TestImage whole =
        dynamic()
            .program(LOADER, TestImage.library())
            .program("/lib/libc.so.6", TestImage.library())
            .program("/lib/libssl.so.3", TestImage.library("libc.so.6"));
    assertThat(whole.image()).hasSelfContainedEntrypoint();
    ContainerImage without =
        dynamic()
            .program("/lib/libc.so.6", TestImage.library())
            .file("/lib/libssl.so.3", "no library, whatever its name")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(without).hasSelfContainedEntrypoint()))
        .contains(
            """
              measured: /app asks for /lib64/ld-linux-x86-64.so.2, which is not in the image
                        /app asks for libssl.so.3, and no x86-64 library of that name is in the image
            """);
  }

  @Test
  @DisplayName("hasSelfContainedEntrypoint misses the interpreter of a script")
  void scriptInterpreter() {
    ContainerImage image =
        TestImage.good().script("/start.sh", "/bin/sh -e").entrypoint("/start.sh").image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasSelfContainedEntrypoint()))
        .contains("measured: /start.sh asks for /bin/sh, which is not in the image\n");
  }
}
