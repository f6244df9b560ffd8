package org.imagediet.variants;

import static org.assertj.core.api.Assertions.assertThat;

import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LackTest {

  private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

  private static ContainerImage starting(Files files) {
    return Files.image("/app", files);
  }

  private static Files base() {
    return Files.inLayer(0)
        .plain("/etc/passwd")
        .library(LOADER)
        .library("/usr/lib/libc.so.6", "ld-linux-x86-64.so.2");
  }

  @Test
  @DisplayName("a program that is not there is what is missing")
  void program() {
    ContainerImage image = Files.image("/usr/bin/java", base());
    assertThat(Lack.of(image, "no such file or directory"))
        .contains(
            new Lack(
                Lack.Kind.PROGRAM,
                "/usr/bin/java",
                "the image starts /usr/bin/java, which is not in it"));
  }

  @Test
  @DisplayName("of what a program asks for, the loader is missed first")
  void loader() {
    ContainerImage image =
        starting(Files.inLayer(0).program("/app", LOADER, "libgcc_s.so.1", "libc.so.6"));
    assertThat(Lack.of(image, "exec /app: no such file or directory"))
        .contains(
            new Lack(
                Lack.Kind.INTERPRETER,
                LOADER,
                "/app asks for /lib64/ld-linux-x86-64.so.2, which is not in the image"));
    assertThat(Lack.of(image, "").orElseThrow().shortName()).isEqualTo("ld-linux-x86-64.so.2");
  }

  @Test
  @DisplayName("the interpreter of a script is missed as a loader is")
  void script() {
    ContainerImage image = starting(Files.inLayer(0).script("/app", "/usr/bin/python3 -B"));
    assertThat(Lack.of(image, "")).map(Lack::name).contains("/usr/bin/python3");
  }

  @Test
  @DisplayName("a library is found to be missing without anybody saying so, and so is a library's")
  void library() {
    assertThat(Lack.of(starting(base().program("/app", LOADER, "libgcc_s.so.1", "libc.so.6")), ""))
        .contains(
            new Lack(
                Lack.Kind.LIBRARY,
                "libgcc_s.so.1",
                "/app asks for libgcc_s.so.1, and no x86-64 library of that name is in the image"));
    assertThat(
            Lack.of(
                starting(
                    base()
                        .program("/app", LOADER, "libjli.so")
                        .library("/lib/libjli.so", "libz.so.1")),
                ""))
        .map(Lack::name)
        .contains("libz.so.1");
  }

  @ParameterizedTest
  @DisplayName("a library that is loaded later is named by the loader")
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          it wrote: Error: failed /opt/java/lib/server/libjvm.so, because libstdc++.so.6: cannot open shared object file: No such file or directory ~ libstdc++.so.6
          it wrote: /app: error while loading shared libraries: libz.so.1: cannot open shared object file: No such file or directory ~ libz.so.1
          it wrote: Error loading shared library libgcc_s.so.1: No such file or directory (needed by /app) ~ libgcc_s.so.1
          """)
  void loadedLater(String said, String name) {
    assertThat(Lack.of(starting(base().program("/app", LOADER, "libc.so.6")), said))
        .contains(
            new Lack(Lack.Kind.LIBRARY, name, "the loader, once it ran, did not find " + name));
  }

  @ParameterizedTest
  @DisplayName("what fails for another reason lacks nothing")
  @ValueSource(
      strings = {
        "it ended with exit code 1; it wrote: app: port 8080: Address already in use",
        "version `GLIBC_2.42' not found (required by /app)",
        "cannot open shared object file",
      })
  void other(String said) {
    assertThat(Lack.of(starting(base().program("/app", LOADER, "libc.so.6")), said)).isEmpty();
    assertThat(Lack.of(starting(Files.inLayer(0).program("/app", "")), said)).isEmpty();
  }
}
