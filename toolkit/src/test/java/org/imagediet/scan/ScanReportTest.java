package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScanReportTest {

  private static final Finding HIGH =
      finding("CVE-2026-1", "bash", Severity.HIGH, "debian 13.8", "5.2-2");
  private static final Finding UNFIXED = finding("CVE-2026-2", "zlib", Severity.LOW, "a b/c%", "");

  private static Finding finding(
      String id, String name, Severity severity, String target, String fixed) {
    return new Finding(
        id, name, "5.2-1", fixed, severity, target, "pkg:deb/debian/" + name + "@5.2-1", "what");
  }

  private static ScanReport report(List<Finding> findings, Note... notes) {
    return new ScanReport(
        new ScanResult(
            "my/app:1",
            "Trivy",
            "0.65.0",
            new Database(
                Database.Origin.DEBIAN,
                Optional.of(Instant.parse("2026-05-01T00:00:00Z")),
                "Debian's"),
            findings,
            7,
            List.of(notes)));
  }

  @Test
  @DisplayName("prints one row for a vulnerability of a component, however many files it is in")
  void text() {
    Finding again = finding("CVE-2026-1", "bash", Severity.HIGH, "debian 13.9", "5.2-2");
    assertThat(report(List.of(UNFIXED, HIGH, again)).text())
        .isEqualTo(
            """
            image       my/app:1
            scanner     Trivy, version 0.65.0
            database    Debian's
            components  7
            findings    3 (2 high, 1 low), 2 different vulnerabilities

            id          package  version  fixed in  severity  where                   what
            ----------  -------  -------  --------  --------  ----------------------  ----
            CVE-2026-1  bash     5.2-1    5.2-2     high      debian 13.8 and 1 more  what
            CVE-2026-2  zlib     5.2-1    -         low       a b/c%                  what
            """);
  }

  @Test
  @DisplayName("never calls nothing found nothing there")
  void nothing() {
    assertThat(report(List.of()).summary()).isEqualTo("none that this database knows");
    Note gone = new Note(Note.Kind.PACKAGE_DATABASE_GONE, "Not a clean bill.");
    assertThat(report(List.of(), gone).summary())
        .isEqualTo("none, which says nothing here: see the notes");
    assertThat(report(List.of(), gone).text()).endsWith("\nnote: Not a clean bill.\n");
    assertThat(report(List.of(HIGH), gone).summary()).endsWith("there may be more: see the notes");
  }

  @Test
  @DisplayName("writes SARIF 2.1.0 with a rule for each vulnerability")
  void sarif() throws IOException {
    Note gone = new Note(Note.Kind.PACKAGE_DATABASE_GONE, "Not a clean bill.");
    JsonNode root = new ObjectMapper().readTree(report(List.of(HIGH, UNFIXED, HIGH), gone).sarif());
    assertThat(root.path("version").asText()).isEqualTo("2.1.0");
    JsonNode run = root.path("runs").path(0);
    JsonNode rules = run.path("tool").path("driver").path("rules");
    assertThat(rules.findValuesAsText("id")).containsExactly("CVE-2026-1", "CVE-2026-2");
    assertThat(run.path("results")).hasSize(3);
    for (JsonNode result : run.path("results")) {
      JsonNode rule = rules.path(result.path("ruleIndex").asInt());
      assertThat(rule.path("id").asText()).isEqualTo(result.path("ruleId").asText());
      assertThat(result.path("level").asText()).isIn("none", "note", "warning", "error");
      assertThat(result.path("message").path("text").asText()).isNotEmpty();
      JsonNode place = result.path("locations").path(0).path("physicalLocation");
      assertThat(URI.create(place.path("artifactLocation").path("uri").asText()).isAbsolute())
          .isFalse();
      assertThat(place.path("region").path("startLine").asInt()).isEqualTo(1);
    }
    assertThat(run.path("results").path(2).toString()).contains("a%20b/c%25", "not fixed yet");
    assertThat(run.path("invocations").path(0).path("toolExecutionNotifications").toString())
        .contains("\"level\":\"error\"", "Not a clean bill.");
  }

  @Test
  @DisplayName("writes everything as JSON")
  void json() throws IOException {
    JsonNode root = new ObjectMapper().readTree(report(List.of(HIGH)).json());
    assertThat(root.path("database").path("origin").asText()).isEqualTo("debian");
    assertThat(root.path("findings").path(0).path("purl").asText())
        .isEqualTo("pkg:deb/debian/bash@5.2-1");
    assertThat(root.path("blind").asBoolean()).isFalse();
  }

  @Test
  @DisplayName("prints no control character of an image")
  void clean() {
    Finding hostile =
        new Finding(
            "CVE-1\u001b[2J",
            "a\nb",
            "1\r",
            "2\u0007",
            Severity.LOW,
            "x\u202ey",
            "pkg:\u001b",
            "::error::\u001b]0;t\u0007");
    ScanReport report = report(List.of(hostile), new Note(Note.Kind.NO_DATABASE, "a\u001bb\nc"));
    for (String text : List.of(report.text(), report.sarif(), report.json())) {
      assertThat(text).doesNotContain("\u001b", "\u0007", "\r", "\u202e");
    }
    assertThat(report.text().lines()).hasSize(11);
  }
}
