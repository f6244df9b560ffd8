package org.imagediet.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.engine.Command;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.image.ContainerImage;

/**
 * Scans with {@code docker scout}, a plug-in of Docker's client. It needs a login at Docker Hub,
 * and sends the list of an image's components there; the database stays there too.
 */
final class ScoutScanner implements Scanner {

  private static final Duration FIRST_WORD = Duration.ofSeconds(30);
  private static final int MOST_OUTPUT = 128 << 20;
  private static final int MOST_FINDINGS = 50_000;
  private static final Pattern VERSION = Pattern.compile("version: v?(\\S+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String client;
  private final Duration deadline;
  private final Progress progress;

  /**
   * Prepares to scan.
   *
   * @param client Docker's client
   * @param deadline how long each of the steps may take
   */
  ScoutScanner(String client, Duration deadline, Progress progress) {
    this.client = client;
    this.deadline = deadline;
    this.progress = progress;
  }

  @Override
  public String about() {
    return "docker scout";
  }

  @Override
  public Scan scan(Path archive, ContainerImage image, String subject) {
    String version = version();
    String artifact = "archive://" + archive.toAbsolutePath();
    try (Progress.Task task = progress.begin("scan with docker scout")) {
      BillOfMaterials bill =
          BillOfMaterials.parse(captured(List.of("sbom", "--format", "cyclonedx", artifact)));
      bill.name(subject);
      List<Finding> findings = findings(captured(List.of("cves", "--format", "sarif", artifact)));
      task.done(findings.size() + " findings");
      Database database =
          new Database(
              Database.Origin.SCANNER,
              Optional.empty(),
              "Docker Scout's own, asked over the network");
      return new Scan(
          new ScanResult(
              subject, about(), version, database, findings, bill.components(), Doubts.of(image)),
          bill.json());
    }
  }

  private String version() {
    Command.Captured captured = Command.of(client, "scout", "version").capture(FIRST_WORD, 1 << 20);
    if (!captured.result().succeeded()) {
      throw new EnvironmentException(
          "docker scout is not installed here, or does not start; use --scanner trivy.");
    }
    Matcher said = VERSION.matcher(new String(captured.output(), StandardCharsets.UTF_8));
    return said.find() ? said.group(1) : "unknown";
  }

  private byte[] captured(List<String> arguments) {
    List<String> argv = new ArrayList<>(List.of(client, "scout"));
    argv.addAll(arguments);
    Command.Captured captured = Command.of(argv).lifeline().capture(deadline, MOST_OUTPUT);
    if (captured.tooMuch()) {
      throw new EnvironmentException(
          "docker scout wrote more than %d MB and was ended; its answer is of no use."
              .formatted(MOST_OUTPUT >> 20));
    }
    if (captured.result().timedOut()) {
      throw new EnvironmentException(
          "docker scout did not end within %d s and was ended; run again, or use --scanner trivy."
              .formatted(deadline.toSeconds()));
    }
    if (!captured.result().succeeded()) {
      throw new EnvironmentException(
          "docker scout failed (%s); is this machine logged in with `docker login`?"
              .formatted(captured.result().lastLine().strip()));
    }
    return captured.output();
  }

  /** Reads SARIF as docker scout writes it: a rule for each CVE, with the components in it. */
  private static List<Finding> findings(byte[] sarif) {
    JsonNode root;
    try {
      root = JSON.readTree(sarif);
    } catch (IOException e) {
      throw new EnvironmentException(
          "docker scout's answer breaks off or is no JSON; run again.", e);
    }
    if (!root.path("runs").isArray()) {
      throw new EnvironmentException("docker scout's answer is no SARIF report.");
    }
    List<Finding> findings = new ArrayList<>();
    for (JsonNode run : root.path("runs")) {
      Map<String, String> places = new HashMap<>();
      for (JsonNode result : run.path("results")) {
        JsonNode place = result.path("locations").path(0).path("physicalLocation");
        places.putIfAbsent(
            result.path("ruleId").asText(), place.path("artifactLocation").path("uri").asText());
      }
      for (JsonNode rule : run.path("tool").path("driver").path("rules")) {
        JsonNode properties = rule.path("properties");
        // Before 0.25 there was one purl in place of a list.
        JsonNode purls = properties.has("purls") ? properties.path("purls") : one(properties);
        for (JsonNode node : purls) {
          if (findings.size() == MOST_FINDINGS) {
            throw new EnvironmentException(
                "docker scout's answer lists more than " + MOST_FINDINGS + " findings.");
          }
          findings.add(finding(rule, properties, node.asText(), places));
        }
      }
    }
    return findings;
  }

  private static JsonNode one(JsonNode properties) {
    return JSON.createArrayNode().add(properties.path("purl").asText());
  }

  private static Finding finding(
      JsonNode rule, JsonNode properties, String text, Map<String, String> places) {
    Optional<PackageUrl> purl = PackageUrl.parse(text);
    String id = rule.path("id").asText();
    String fixed = properties.path("fixed_version").asText();
    return new Finding(
        id,
        purl.map(PackageUrl::name).orElse(text),
        purl.map(PackageUrl::version).orElse(""),
        fixed.equals("not fixed") ? "" : fixed,
        Severity.of(properties.path("cvssV3_severity").asText()),
        places.getOrDefault(id, ""),
        text,
        rule.path("shortDescription").path("text").asText());
  }

  @Override
  public void close() {
    // Nothing outlives a scan.
  }
}
