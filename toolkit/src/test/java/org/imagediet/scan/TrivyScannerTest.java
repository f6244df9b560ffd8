package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.imagediet.archive.ArchiveException;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.image.ElfBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("looks at the folder for temporary files")
class TrivyScannerTest {

  @TempDir Path temp;

  private final FakeTrivy trivy = new FakeTrivy();

  @BeforeEach
  void freshDatabase() {
    trivy.source = Optional.of(Instant.now());
  }

  private Scan scan(SavedImages image) throws IOException {
    return scan(image.write(temp.resolve("image.tar")));
  }

  private Scan scan(Path archive) {
    Clock clock = Clock.systemUTC();
    ScanFolder folder = new ScanFolder(temp.resolve("scan"));
    DebianAdvisories debian =
        new DebianAdvisories(
            folder.debian(),
            clock,
            codename -> {
              throw new EnvironmentException("none");
            });
    Databases databases =
        new Databases(folder, clock, true, Optional.empty(), debian, Progress.SILENT);
    try (Scanner scanner =
        new TrivyScanner(trivy, databases, Duration.ofSeconds(10), Progress.SILENT, clock)) {
      return scanner.scan(archive, "my/app:1");
    }
  }

  private static List<Note.Kind> kinds(Scan scan) {
    return scan.result().notes().stream().map(Note::kind).toList();
  }

  private static SavedImages debian() {
    return new SavedImages().layer().debian("13", "bash 5.2-1", "login 1:4.16");
  }

  @Test
  @DisplayName("lists components, compares the list with the database, and tells what it used")
  void scans() throws IOException {
    trivy.bill = BillOfMaterialsTest.DEBIAN;
    trivy.report =
        """
        {"SchemaVersion": 2, "Results": [{"Target": "bill.json (debian 13.8)", "Class": "os-pkgs",
          "Vulnerabilities": [
           {"VulnerabilityID": "CVE-2026-2", "PkgName": "bash", "Severity": "LOW"},
           {"VulnerabilityID": "CVE-2026-1", "PkgName": "bash", "Severity": "LOW"},
           {"VulnerabilityID": "CVE-2026-1", "PkgName": "login", "Severity": "CRITICAL"}]}]}
        """;
    Scan scan = scan(debian());
    assertThat(scan.result().findings())
        .extracting(finding -> finding.id() + " " + finding.packageName())
        .containsExactly("CVE-2026-1 login", "CVE-2026-1 bash", "CVE-2026-2 bash");
    assertThat(scan.result().vulnerabilities()).isEqualTo(2);
    assertThat(scan.result().components()).isEqualTo(2);
    assertThat(scan.result().notes()).isEmpty();
    assertThat(scan.result().blind()).isFalse();
    assertThat(scan.result().database().origin()).isEqualTo(Database.Origin.SCANNER);
    assertThat(new String(scan.billOfMaterials(), StandardCharsets.UTF_8)).contains("my/app:1");
    assertThat(trivy.asked).hasSize(2);
    assertThat(trivy.asked.get(0))
        .startsWith("image")
        .contains("--offline-scan", "--skip-db-update", "--skip-java-db-update");
    assertThat(trivy.asked.get(1))
        .startsWith("sbom")
        .contains("--offline-scan", "--skip-db-update");
  }

  @Test
  @DisplayName("gives no clean bill to an image whose package database was deleted")
  void databaseGone() throws IOException {
    Scan files =
        scan(new SavedImages().layer().file("etc/os-release", "ID=debian\n").file("bin/x", "x"));
    assertThat(kinds(files)).contains(Note.Kind.PACKAGE_DATABASE_GONE);
    assertThat(files.result().blind()).isTrue();
    assertThat(files.result().notes().get(0).text()).startsWith("Not a clean bill: ");
    Scan hidden =
        scan(
            debian()
                .layer()
                .file("var/lib/dpkg/.wh.status", "")
                .file("etc/.wh.os-release", "")
                .file("etc/.wh.debian_version", ""));
    assertThat(kinds(hidden)).contains(Note.Kind.PACKAGE_DATABASE_GONE);
    Scan empty = scan(new SavedImages().layer().debian("13"));
    assertThat(kinds(empty)).contains(Note.Kind.PACKAGE_DATABASE_GONE);
  }

  @Test
  @DisplayName("notices packages that dpkg's own lists know and its database does not")
  void recordsMissing() throws IOException {
    SavedImages image =
        debian()
            .file("var/lib/dpkg/info/bash.list", "/bin/bash\n")
            .file("var/lib/dpkg/info/removed.list", "/etc/removed.conf\n");
    image.file(
        "var/lib/dpkg/status",
        """
        Package: bash
        Status: install ok installed
        Version: 5.2-1

        Package: removed
        Status: deinstall ok config-files
        Version: 1
        """);
    assertThat(kinds(scan(image))).isEmpty();
    image.file("var/lib/dpkg/info/libc6:amd64.list", "/lib/libc.so.6\n");
    Scan scan = scan(image);
    assertThat(kinds(scan)).containsExactly(Note.Kind.PACKAGE_RECORDS_MISSING);
    assertThat(scan.result().notes().get(0).text()).contains("(1, such as libc6)");
  }

  @Test
  @DisplayName("says of an image without a distribution what cannot be found")
  void scratch() throws IOException {
    Scan scan = scan(new SavedImages().layer().file("app", ElfBytes.program().bytes()));
    assertThat(kinds(scan)).containsExactly(Note.Kind.NO_DISTRIBUTION);
    assertThat(scan.result().blind()).isFalse();
  }

  @Test
  @DisplayName("adds the Go standard library where the scanner does not list it")
  void standardLibrary() throws IOException {
    byte[] program = ElfBytes.program().go("go1.24.4", "example.org/app").bytes();
    SavedImages image = new SavedImages().layer().file("app", program);
    Scan scan = scan(image);
    assertThat(kinds(scan)).contains(Note.Kind.COMPONENTS_ADDED);
    assertThat(scan.result().components()).isEqualTo(1);
    assertThat(trivy.comparedBill).contains("pkg:golang/stdlib@1.24.4", "program:/app");
    trivy.bill = listed("pkg:golang/stdlib@v1.24.4");
    assertThat(kinds(scan(image))).doesNotContain(Note.Kind.COMPONENTS_ADDED);
    for (String other : List.of("pkg:npm/stdlib@1.24.4", "pkg:golang/stdlib@1.0.0")) {
      trivy.bill = listed(other);
      assertThat(kinds(scan(image))).as(other).contains(Note.Kind.COMPONENTS_ADDED);
    }
  }

  private static String listed(String purl) {
    return """
        {"bomFormat": "CycloneDX", "components": [
          {"type": "library", "name": "stdlib", "purl": "%s"}]}
        """
        .formatted(purl);
  }

  @Test
  @DisplayName("says that a packed program tells nothing")
  void packed() throws IOException {
    byte[] program = ElfBytes.program().texts("UPX!").bytes();
    Scan scan = scan(new SavedImages().layer().file("app", program));
    assertThat(kinds(scan)).contains(Note.Kind.PACKED_PROGRAM);
  }

  @Test
  @DisplayName("says that not every Java archive is recognised")
  void javaArchives() throws IOException {
    Scan scan = scan(new SavedImages().layer().file("a.jar", "x").file("b.war", "x"));
    assertThat(kinds(scan)).contains(Note.Kind.JAVA_ARCHIVES);
  }

  @Test
  @DisplayName("does not bother the scanner with what is no image")
  void noImage() throws IOException {
    Path file = Files.writeString(temp.resolve("no.tar"), "no tar at all".repeat(100));
    assertThatThrownBy(() -> scan(file)).isInstanceOf(ArchiveException.class);
    assertThat(trivy.asked).isEmpty();
  }

  @Test
  @DisplayName("leaves nothing behind, even when the scanner answers with nonsense")
  void nonsense() throws IOException {
    trivy.report = "{\"SchemaVersion\": 2, \"Resu";
    assertThatThrownBy(() -> scan(debian()))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("breaks off");
    try (var left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      String ours = "three-image-diet-" + ProcessHandle.current().pid() + "-";
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith(ours));
    }
  }
}
