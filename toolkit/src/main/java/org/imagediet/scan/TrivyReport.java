package org.imagediet.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.imagediet.engine.EnvironmentException;

/** Reads Trivy's JSON report (schema version 2). */
final class TrivyReport {

  private static final int MOST_FINDINGS = 50_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private TrivyReport() {}

  /**
   * Returns what it found.
   *
   * @throws EnvironmentException when it is no report, or breaks off
   */
  static List<Finding> findings(byte[] json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      throw new EnvironmentException(
          "The scanner's answer breaks off or is no JSON; run again.", e);
    }
    if (root.path("SchemaVersion").asInt() != 2) {
      throw new EnvironmentException(
          "The scanner's answer is no report in Trivy's schema 2; its version may be too old or"
              + " too new.");
    }
    List<Finding> findings = new ArrayList<>();
    for (JsonNode result : root.path("Results")) {
      String target = target(result);
      for (JsonNode found : result.path("Vulnerabilities")) {
        if (findings.size() == MOST_FINDINGS) {
          throw new EnvironmentException(
              "The scanner's answer lists more than " + MOST_FINDINGS + " findings.");
        }
        findings.add(finding(found, target));
      }
    }
    return findings;
  }

  /** A file that was named, or the distribution. */
  private static String target(JsonNode result) {
    String target = result.path("Target").asText();
    // "bill.json (debian 13.8)": the file is ours.
    return result.path("Class").asText().equals("os-pkgs")
        ? target.replaceFirst("^.*\\((.*)\\)$", "$1")
        : target;
  }

  private static Finding finding(JsonNode found, String target) {
    String purl = found.path("PkgIdentifier").path("PURL").asText();
    String reference = found.path("PkgRef").asText();
    String path = found.path("PkgPath").asText();
    return new Finding(
        found.path("VulnerabilityID").asText(),
        found.path("PkgName").asText(),
        found.path("InstalledVersion").asText(),
        found.path("FixedVersion").asText(),
        Severity.of(found.path("Severity").asText()),
        path.isEmpty() ? target : path,
        purl.isEmpty() && reference.startsWith("pkg:") ? reference : purl,
        found.path("Title").asText());
  }
}
