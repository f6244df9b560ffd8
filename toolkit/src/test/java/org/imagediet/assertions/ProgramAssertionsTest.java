package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imagediet.assertions.ImageAssertions.assertThat;

import java.util.function.Consumer;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.KnownProgram;
import org.imagediet.image.ProgramKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramAssertionsTest {

  /** The three assertions that forbid a kind of program. */
  private enum Forbidding {
    SHELL(ContainerImageAssert::hasNoShell),
    PACKAGE_MANAGER(ContainerImageAssert::hasNoPackageManager),
    COMPILER(ContainerImageAssert::hasNoCompiler);

    private final Consumer<ContainerImageAssert> assertion;

    Forbidding(Consumer<ContainerImageAssert> assertion) {
      this.assertion = assertion;
    }

    void on(ContainerImage image) {
      assertion.accept(assertThat(image));
    }
  }

  @ParameterizedTest
  @DisplayName("passes where every program is something else")
  @EnumSource
  void passes(Forbidding what) {
    what.on(
        TestImage.good()
            .program(
                "/usr/bin/python3",
                TestImage.dynamicElf("/lib64/ld.so"),
                new KnownProgram("python", ProgramKind.INTERPRETER))
            .image());
  }

  @Test
  @DisplayName("hasNoShell names a shell under any name, with its other names and its layer")
  void shell() {
    ContainerImage image =
        TestImage.good()
            .layer("COPY --from=build /bin/busybox /opt/data.bin")
            .shell("/opt/data.bin")
            .symlink("/bin/ls", "/opt/data.bin")
            .symlink("/bin/sh", "/opt/data.bin")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasNoShell()))
        .isEqualTo(
            """
            The image my/app:1.2 has a shell
              measured: /opt/data.bin (also /bin/ls and 1 more) is busybox, by its content, from layer 2: COPY --from=build /bin/busybox /opt/data.bin
              expected: no shell in any layer, under any name
              why:      the first thing an attacker who can run one program runs is a shell""");
  }

  @Test
  @DisplayName("hasNoShell finds a shell that a later layer hides")
  void hiddenShell() {
    ContainerImage image =
        TestImage.good()
            .layer("COPY busybox /bin/sh")
            .shell("/bin/sh")
            .layer("RUN rm /bin/sh")
            .hide("/bin/sh")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasNoShell()))
        .isEqualTo(
            """
            The image my/app:1.2 still ships a shell that it hides
              measured: /bin/sh is busybox, by its content, hidden by a later layer but shipped in layer 2: COPY busybox /bin/sh
              expected: no shell in any layer, under any name
              why:      the first thing an attacker who can run one program runs is a shell""");
  }

  @Test
  @DisplayName("hasNoPackageManager names it, by content or by name")
  void packageManager() {
    ContainerImage image =
        TestImage.good()
            .layer("FROM debian")
            .program(
                "/opt/tool",
                TestImage.staticElf(),
                new KnownProgram("dpkg", ProgramKind.PACKAGE_MANAGER))
            .script("/usr/bin/pip3", "/usr/bin/python3")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasNoPackageManager()))
        .isEqualTo(
            """
            The image my/app:1.2 has a package manager
              measured: /opt/tool is dpkg, by its content, from layer 2: FROM debian
                        /usr/bin/pip3 is pip3, by its name, from layer 2: FROM debian
              expected: no package manager in any layer
              why:      a package manager brings back at run time what was left out of the image""");
  }

  @Test
  @DisplayName("hasNoCompiler names it, hidden or not")
  void compiler() {
    KnownProgram gcc = new KnownProgram("gcc", ProgramKind.COMPILER);
    ContainerImage image =
        TestImage.good()
            .layer("RUN install gcc")
            .program("/usr/bin/gcc", TestImage.staticElf(), gcc)
            .layer("RUN remove gcc")
            .hide("/usr/bin/gcc")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasNoCompiler()))
        .isEqualTo(
            """
            The image my/app:1.2 still ships build tools that it hides
              measured: /usr/bin/gcc is gcc, by its content, hidden by a later layer but shipped in layer 2: RUN install gcc
              expected: no compiler and no build tool in any layer
              why:      build tools belong into the build stage: at run time they are weight, and an attacker's workshop""");
  }

  @ParameterizedTest
  @DisplayName("does not pass on a packed program, whose content cannot be told")
  @EnumSource
  void packed(Forbidding what) {
    ContainerImage image =
        TestImage.good().layer("COPY tool /").program("/tool", TestImage.packedElf()).image();
    assertThat(FailureTexts.of(() -> what.on(image)))
        .isEqualTo(
            """
            The image my/app:1.2 has programs that cannot be looked into, so that nothing can be said of them
              measured: /tool is packed (UPX), from layer 2: COPY tool /
              expected: no packed program beside the entrypoint, and none under a shell's name
              why:      a packed shell looks like any other packed program""");
  }

  @Test
  @DisplayName("hasNoShell takes a packed entrypoint for the program it is, unless it is called sh")
  void packedEntrypoint() {
    TestImage packed =
        new TestImage()
            .layer("COPY app /")
            .program("/app", TestImage.packedElf())
            .entrypoint("/app");
    assertThat(packed.image()).hasNoShell();
    ContainerImage called =
        new TestImage()
            .layer("COPY app /")
            .program("/app", TestImage.packedElf())
            .symlink("/bin/sh", "/app")
            .entrypoint("/app")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(called).hasNoShell())).contains("/app is packed");
  }

  @Test
  @DisplayName("hasNoSetuidFiles passes without any, and lists setuid and setgid files")
  void setuid() {
    assertThat(TestImage.good().mode("/bin/x", 0755).capable("/bin/ping").image())
        .hasNoSetuidFiles();
    ContainerImage image =
        TestImage.good()
            .layer("FROM debian")
            .mode("/bin/su", 04755)
            .mode("/bin/wall", 02755)
            .image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasNoSetuidFiles()))
        .isEqualTo(
            """
            The image my/app:1.2 has files that run with their owner's rights
              measured: -rwsr-xr-x /bin/su, uid 0, gid 0, from layer 2: FROM debian
                        -rwxr-sr-x /bin/wall, uid 0, gid 0, from layer 2: FROM debian
              expected: no setuid and no setgid file
              why:      who starts such a file gets its owner's rights, so that a plain user need not stay one""");
  }

  @Test
  @DisplayName("hasNoFileCapabilities passes without any, and lists the files")
  void capabilities() {
    assertThat(TestImage.good().mode("/bin/su", 04755).image()).hasNoFileCapabilities();
    ContainerImage image = TestImage.good().layer("RUN setcap").capable("/bin/ping").image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasNoFileCapabilities()))
        .isEqualTo(
            """
            The image my/app:1.2 has files with capabilities
              measured: /bin/ping, from layer 2: RUN setcap
              expected: no file with security.capability
              why:      who starts such a file gets some of root's rights, whoever they are""");
  }

  @ParameterizedTest
  @DisplayName("long lists are cut, long instructions too, and control characters are cleaned")
  @CsvSource({"10,0", "12,2"})
  void bounded(int files, int more) {
    TestImage image = TestImage.good().name("evil\u001b[31m").layer("RUN " + "x".repeat(200));
    for (int i = 0; i < files; i++) {
      image.mode("/bin/su" + (char) ('a' + i) + "\n::error::", 04755);
    }
    String text = FailureTexts.of(() -> assertThat(image.image()).hasNoSetuidFiles());
    assertThat(text.lines()).hasSize(files == 10 ? 13 : 14);
    assertThat(text)
        .startsWith("The image evil?[31m has")
        .contains("RUN " + "x".repeat(156) + "...\n")
        .contains("/bin/sua ::error::, uid 0")
        .doesNotContain("x".repeat(157), "\u001b");
    if (more > 0) {
      assertThat(text).contains("\n            ... and 2 more\n");
    }
  }
}
