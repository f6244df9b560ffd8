package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.imagediet.assertions.ImageAssertions.assertThat;

import java.util.Base64;
import org.imagediet.archive.TestCertificates;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentAssertionsTest {

  private static final String BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

  private static TestImage files() {
    return TestImage.good()
        .layer("COPY files /")
        .folder("/usr/share")
        .sized("/usr/share/tz", 5)
        .symlink("/share", "usr/share")
        .symlink("/broken", "/nowhere")
        .layer("COPY key /tmp/key")
        .sized("/usr/share/key", 7)
        .folder("/tmp/build")
        .layer("RUN rm -r /tmp/build /usr/share/key")
        .hide("/usr/share/key")
        .hide("/tmp/build");
  }

  @ParameterizedTest
  @DisplayName("hasFile follows links and dots")
  @ValueSource(strings = {"/app", "/usr/share/tz", "/share/tz", "/usr/./share//x/../tz"})
  void file(String path) {
    assertThat(files().image()).hasFile(path);
  }

  @ParameterizedTest
  @DisplayName("hasFile says what is there instead")
  @CsvSource({
    "/etc/passwd,nothing at that path in any layer",
    "/usr/share,/usr/share is a folder",
    "/broken,'/broken is a link to /nowhere, which is not there'",
    "/usr/share/key,'/usr/share/key, 7 bytes, is shipped in layer 3 and hidden by a later layer'",
    "/share/key,'/usr/share/key, 7 bytes, is shipped in layer 3 and hidden by a later layer'",
  })
  void noFile(String path, String measured) {
    assertThat(FailureTexts.of(() -> assertThat(files().image()).hasFile(path)))
        .isEqualTo(
            """
            The image my/app:1.2 has no file %s
              measured: %s
              expected: a regular file at %s
              why:      a program only misses a file when it opens it"""
                .formatted(path, measured, path));
  }

  @ParameterizedTest
  @DisplayName("doesNotHaveFile passes where no layer has it; an empty folder that went is nothing")
  @ValueSource(strings = {"/etc/passwd", "/ap", "/app/x", "/usr/share/t", "/tmp/build"})
  void absent(String path) {
    assertThat(files().image()).doesNotHaveFile(path);
  }

  @ParameterizedTest
  @DisplayName("doesNotHaveFile finds files, folders, broken links and what a later layer hides")
  @CsvSource({
    "/usr/share/tz,'-rw-r--r-- /usr/share/tz, from layer 2'",
    "/share/tz,'-rw-r--r-- /usr/share/tz, from layer 2'",
    "/usr/share,'drwxr-xr-x /usr/share, from layer 2'",
    "/usr,'/usr, a folder with files in it'",
    "/broken,'lrwxrwxrwx /broken, from layer 2'",
    "/usr/share/key,'/usr/share/key, 7 bytes, is shipped in layer 3 and hidden by a later layer'",
    "/share/key,'/usr/share/key, 7 bytes, is shipped in layer 3 and hidden by a later layer'",
  })
  void present(String path, String measured) {
    assertThat(FailureTexts.of(() -> assertThat(files().image()).doesNotHaveFile(path)))
        .isEqualTo(
            """
            The image my/app:1.2 has %s
              measured: %s
              expected: nothing at %s in any layer
              why:      whoever can pull the image can read every layer of it, also what a later one deletes"""
                .formatted(path, measured, path));
  }

  @ParameterizedTest
  @DisplayName("a path that nothing can have is refused, since it would always be absent")
  @ValueSource(strings = {"etc/passwd", "", "/", "/x/.."})
  void noPath(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(files().image()).doesNotHaveFile(path))
        .withMessageStartingWith("The path must be");
  }

  private static TestImage packages() {
    return TestImage.good()
        .layer("FROM static")
        .file("/var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2026a\n");
  }

  @Test
  @DisplayName("hasPackage passes with a record, and says how many there are without")
  void hasPackage() {
    assertThat(packages().image()).hasPackage("tzdata");
    assertThat(FailureTexts.of(() -> assertThat(packages().image()).hasPackage("libc6")))
        .isEqualTo(
            """
            The image my/app:1.2 does not have the package libc6
              measured: no libc6 among the 1 recorded
              expected: a record of libc6 in a package database
              why:      scanners and updates know software by this record only""");
    assertThat(FailureTexts.of(() -> assertThat(TestImage.good().image()).hasPackage("libc6")))
        .contains("measured: no package database records any\n");
  }

  @Test
  @DisplayName("hasNoPackages passes without a database, and lists the packages")
  void noPackages() {
    assertThat(TestImage.good().image()).hasNoPackages();
    assertThat(FailureTexts.of(() -> assertThat(packages().image()).hasNoPackages()))
        .isEqualTo(
            """
            The image my/app:1.2 has packages of a distribution
              measured: tzdata 2026a, recorded by dpkg (distroless) in /var/lib/dpkg/status.d/tzdata
              expected: no package in any database, and no database in any layer
              why:      each package is one more thing whose CVEs somebody must follow""");
  }

  @Test
  @DisplayName("hasNoPackages sees that a database was deleted, which deletes no package")
  void deletedDatabase() {
    ContainerImage image = packages().layer("RUN rm").hide("/var/lib/dpkg/status.d").image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasNoPackages()))
        .contains(
            "measured: /var/lib/dpkg/status.d/tzdata in layer 2 is a package database, but no"
                + " package is visible\n");
  }

  private static String certificate(boolean expired) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder()
            .encodeToString(TestCertificates.root("Root", expired).getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  @Test
  @DisplayName("hasTrustStore counts different roots that are valid now")
  void trustStore() throws Exception {
    String twice = certificate(false).repeat(2);
    ContainerImage image =
        TestImage.good().file(BUNDLE, twice + certificate(false) + certificate(true)).image();
    assertThat(image).hasTrustStore(1).hasTrustStore(2);
    assertThat(FailureTexts.of(() -> assertThat(image).hasTrustStore(3)))
        .isEqualTo(
            """
            The image my/app:1.2 has no trust store with 3 valid roots
              measured: /etc/ssl/certs/ca-certificates.crt (PEM): 4 roots, 3 of them different, 1 not valid now
              expected: a store with at least 3 different roots that are valid now
              why:      without roots, outbound TLS can verify nobody: `certificate signed by unknown authority`""");
  }

  @Test
  @DisplayName("hasTrustStore fails without a store, and with one that is empty or expired")
  void noTrustStore() throws Exception {
    assertThat(FailureTexts.of(() -> assertThat(TestImage.good().image()).hasTrustStore(1)))
        .contains("measured: no trust store\n");
    ContainerImage empty = TestImage.good().file(BUNDLE, "").image();
    assertThat(FailureTexts.of(() -> assertThat(empty).hasTrustStore(1))).contains(": 0 roots");
    ContainerImage expired = TestImage.good().file(BUNDLE, certificate(true)).image();
    assertThat(FailureTexts.of(() -> assertThat(expired).hasTrustStore(1)))
        .contains(": 1 roots, 1 of them different, 1 not valid now");
    assertThatIllegalArgumentException().isThrownBy(() -> assertThat(empty).hasTrustStore(0));
  }
}
