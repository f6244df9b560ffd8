package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.imagediet.engine.EnvironmentException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrivyReportTest {

  private static List<Finding> findings(String json) {
    return TrivyReport.findings(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("reads findings as older and newer versions write them")
  void reads() {
    assertThat(
            findings(
                """
                {"SchemaVersion": 2, "Results": [
                 {"Target": "bill.json (debian 13.8)", "Class": "os-pkgs", "Vulnerabilities": [
                  {"VulnerabilityID": "CVE-2026-1", "PkgName": "bash", "InstalledVersion": "5.2-1",
                   "Severity": "HIGH", "PkgRef": "pkg:deb/debian/bash@5.2-1"}]},
                 {"Target": "Java", "Class": "lang-pkgs", "Vulnerabilities": [
                  {"VulnerabilityID": "CVE-2021-44228", "PkgPath": "app/a.jar", "PkgName": "g:a",
                   "InstalledVersion": "2.14", "FixedVersion": "2.15.0", "Severity": "odd",
                   "PkgRef": "0a-1b", "PkgIdentifier": {"PURL": "pkg:maven/g/a@2.14"},
                   "Title": "what it is"}]},
                 {"Target": "app", "Class": "lang-pkgs"}]}
                """))
        .containsExactly(
            new Finding(
                "CVE-2026-1",
                "bash",
                "5.2-1",
                "",
                Severity.HIGH,
                "debian 13.8",
                "pkg:deb/debian/bash@5.2-1",
                ""),
            new Finding(
                "CVE-2021-44228",
                "g:a",
                "2.14",
                "2.15.0",
                Severity.UNKNOWN,
                "app/a.jar",
                "pkg:maven/g/a@2.14",
                "what it is"));
    assertThat(findings("{\"SchemaVersion\": 2}")).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("says in one sentence that an answer is no report, or half of one")
  @ValueSource(
      strings = {
        "",
        "{\"SchemaVersion\": 2, \"Results\": [{\"Vulner",
        "{}",
        "[]",
        "{\"SchemaVersion\": 9}"
      })
  void others(String json) {
    assertThatThrownBy(() -> findings(json))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith("The scanner's answer ");
  }
}
