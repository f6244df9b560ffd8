package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoutScannerTest {

  private static final String SARIF =
      """
      {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "docker scout", "rules": [
        {"id": "CVE-2025-47907", "shortDescription": {"text": "CVE-2025-47907"}, "properties": {
          "affected_version": "<1.23.12", "cvssV3_severity": "HIGH", "fixed_version": "1.23.12",
          "purls": ["pkg:golang/stdlib@1.24.4", "pkg:golang/stdlib@1.22.0"]}},
        {"id": "CVE-2005-2541", "properties": {
          "cvssV3_severity": "UNSPECIFIED", "fixed_version": "not fixed",
          "purl": "pkg:deb/debian/tar@1.35?os_distro=trixie"}}]}},
       "results": [{"ruleId": "CVE-2025-47907", "locations": [
         {"physicalLocation": {"artifactLocation": {"uri": "/app"}}}]}]}]}
      """;

  @TempDir Path temp;

  private Scan scan(String cves) throws IOException {
    return scan(cves, Duration.ofMinutes(2));
  }

  private Scan scan(String cves, Duration deadline) throws IOException {
    Path sarif = Files.writeString(temp.resolve("sarif"), SARIF);
    Path bill = Files.writeString(temp.resolve("bill"), BillOfMaterialsTest.DEBIAN);
    Path client = temp.resolve("docker");
    Files.writeString(
        client,
        """
        #!/bin/sh
        echo "$*" >> %s/asked
        case "$2" in
        version) echo 'version: v1.18.3 (go1.24 - linux/amd64)' ;;
        sbom) cat %s ;;
        cves) %s ;;
        esac
        """
            .formatted(temp, bill, cves.replace("SARIF", sarif.toString())));
    Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rwx------"));
    Path image =
        new SavedImages().layer().debian("13", "tar 1.35").write(temp.resolve("image.tar"));
    try (Scanner scanner = new ScoutScanner(client.toString(), deadline, Progress.SILENT)) {
      return scanner.scan(image, "my/app:1");
    }
  }

  @Test
  @DisplayName("reads docker scout's SARIF and its bill of materials")
  void reads() throws IOException {
    ScanResult result = scan("cat SARIF").result();
    assertThat(result.scanner()).isEqualTo("docker scout");
    assertThat(result.version()).isEqualTo("1.18.3");
    assertThat(result.components()).isEqualTo(2);
    assertThat(result.findings())
        .containsExactly(
            new Finding(
                "CVE-2025-47907",
                "stdlib",
                "1.24.4",
                "1.23.12",
                Severity.HIGH,
                "/app",
                "pkg:golang/stdlib@1.24.4",
                "CVE-2025-47907"),
            new Finding(
                "CVE-2025-47907",
                "stdlib",
                "1.22.0",
                "1.23.12",
                Severity.HIGH,
                "/app",
                "pkg:golang/stdlib@1.22.0",
                "CVE-2025-47907"),
            new Finding(
                "CVE-2005-2541",
                "tar",
                "1.35",
                "",
                Severity.UNKNOWN,
                "",
                "pkg:deb/debian/tar@1.35?os_distro=trixie",
                ""));
    assertThat(temp.resolve("asked"))
        .content()
        .contains("scout cves --format sarif archive://" + temp.resolve("image.tar"));
  }

  @Test
  @DisplayName("says in one sentence that it fails, hangs, or breaks off")
  void fails() {
    assertThatThrownBy(() -> scan("echo 'Log in with your Docker ID' >&2; exit 1"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage(
            "docker scout failed (Log in with your Docker ID); is this machine logged in with"
                + " `docker login`?");
    assertThatThrownBy(() -> scan("sleep 74.25 & wait", Duration.ofSeconds(3)))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("did not end within 3 s");
    assertThatThrownBy(() -> scan("head -c 300 SARIF"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("breaks off or is no JSON");
    assertThatThrownBy(() -> scan("echo '{}'"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("no SARIF report");
    assertThatThrownBy(() -> scan("exec cat /dev/zero"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("wrote more than");
  }
}
