package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A comparison of scans")
final class ScanComparisonTest {

  private static Finding finding(String id, String component, String target) {
    return new Finding(
        id, component, "1.0", "1.1", Severity.HIGH, target, "pkg:golang/" + component, "");
  }

  private static ScanResult result(String subject, List<Finding> findings, Note... notes) {
    return new ScanResult(
        subject,
        "Trivy",
        "0.65.0",
        new Database(Database.Origin.FILE, Optional.empty(), "carried"),
        findings,
        7,
        List.of(notes));
  }

  @Test
  @DisplayName("has a column for each image, names its components and says each note once")
  void text() {
    Note limited = new Note(Note.Kind.DATABASE_LIMITED, "It knows little.");
    ScanResult naive =
        result(
            "naive",
            List.of(
                finding("CVE-1", "stdlib", "go"),
                finding("CVE-1", "stdlib", "gofmt"),
                finding("CVE-2", "bash", "debian"),
                finding("CVE-3", "zlib", "debian")),
            limited);
    ScanResult scratch =
        result(
            "scratch",
            List.of(finding("CVE-1", "stdlib", "app")),
            limited,
            new Note(Note.Kind.NO_DISTRIBUTION, "Only programs tell."));
    assertThat(new ScanComparison(List.of(naive, scratch)).text())
        .isEqualTo(
            """
            what a scanner sees        naive  scratch
            -------------------------  -----  -------
            components that it lists       7        7
            findings                       4        1
            different vulnerabilities      3        1
            components with findings       3   stdlib
            has a list of packages       yes       no

            scanner: Trivy

            database: carried

            note: It knows little.

            note: Only programs tell.
            """);
  }

  @Test
  @DisplayName("does not write zero where nothing could be seen")
  void blind() {
    ScanResult gone =
        result("app", List.of(), new Note(Note.Kind.PACKAGE_DATABASE_GONE, "Not a clean bill."));
    assertThat(new ScanComparison(List.of(gone)).text())
        .contains("findings                   unknown", "has a list of packages          no");
  }
}
