package org.imagediet.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.imagediet.report.Clean;
import org.imagediet.report.Table;

/** A result as text, as JSON and as SARIF 2.1.0. */
public final class ScanReport {

  /** Escapes whatever is not ASCII: a terminal may act on what an image's files are called. */
  private static final ObjectMapper JSON =
      new ObjectMapper(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build());

  private static final int TITLE_CHARACTERS = 80;
  private static final String SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

  private final ScanResult result;

  /** Reports a result. */
  public ScanReport(ScanResult result) {
    this.result = result;
  }

  /** Returns the text for a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(text, "image", result.subject());
    line(text, "scanner", result.scanner() + ", version " + result.version());
    line(text, "database", result.database().about());
    line(text, "components", Integer.toString(result.components()));
    line(text, "findings", summary());
    if (!result.findings().isEmpty()) {
      text.append('\n').append(table().console());
    }
    for (Note note : result.notes()) {
      text.append("\nnote: ").append(Clean.line(note.text())).append('\n');
    }
    return text.toString();
  }

  /** Returns how much was found, in a way that "nothing" is not taken for "nothing there". */
  String summary() {
    if (result.findings().isEmpty()) {
      return result.blind()
          ? "none, which says nothing here: see the notes"
          : "none that this database knows";
    }
    Map<Severity, Long> counts = new EnumMap<>(Severity.class);
    result.findings().forEach(finding -> counts.merge(finding.severity(), 1L, Long::sum));
    String severities =
        counts.entrySet().stream()
            .sorted(Map.Entry.<Severity, Long>comparingByKey().reversed())
            .map(entry -> entry.getValue() + " " + entry.getKey().word())
            .collect(Collectors.joining(", "));
    return "%d (%s), %d different vulnerabilities%s"
        .formatted(
            result.findings().size(),
            severities,
            result.vulnerabilities(),
            result.blind() ? "; there may be more: see the notes" : "");
  }

  private static void line(StringBuilder text, String label, String value) {
    text.append("%-11s %s\n".formatted(label, Clean.line(value)));
  }

  /** One row for a vulnerability of a component, in however many files that is. */
  private Table table() {
    Map<List<String>, List<Finding>> rows = new LinkedHashMap<>();
    for (Finding finding : result.findings()) {
      rows.computeIfAbsent(
              List.of(finding.id(), finding.packageName(), finding.version()),
              key -> new ArrayList<>())
          .add(finding);
    }
    Table table =
        Table.of("id", "package", "version", "fixed in", "severity", "where", "what")
            .left(1, 2, 3, 4, 5, 6);
    rows.values().forEach(findings -> addRow(table, findings));
    return table;
  }

  private static void addRow(Table table, List<Finding> findings) {
    Finding first = findings.get(0);
    int more = findings.size() - 1;
    String title = first.title();
    table.row(
        first.id(),
        first.packageName(),
        first.version(),
        first.fixedVersion().isEmpty() ? "-" : first.fixedVersion(),
        first.severity().word(),
        more == 0 ? first.target() : first.target() + " and " + more + " more",
        title.length() > TITLE_CHARACTERS ? title.substring(0, TITLE_CHARACTERS) + "..." : title);
  }

  /** Returns everything as JSON. */
  public String json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("image", result.subject());
    root.putObject("scanner").put("name", result.scanner()).put("version", result.version());
    ObjectNode database = root.putObject("database");
    database.put("origin", result.database().origin().name().toLowerCase(Locale.ROOT));
    result.database().date().ifPresent(date -> database.put("date", date.toString()));
    database.put("about", result.database().about());
    root.put("components", result.components());
    root.put("blind", result.blind());
    ArrayNode findings = root.putArray("findings");
    for (Finding finding : result.findings()) {
      findings
          .addObject()
          .put("id", finding.id())
          .put("package", finding.packageName())
          .put("version", finding.version())
          .put("fixedVersion", finding.fixedVersion())
          .put("severity", finding.severity().word())
          .put("target", finding.target())
          .put("purl", finding.purl())
          .put("title", finding.title());
    }
    ArrayNode notes = root.putArray("notes");
    for (Note note : result.notes()) {
      notes.addObject().put("kind", note.kind().name()).put("text", note.text());
    }
    return printed(root);
  }

  /** Returns the findings as SARIF, which code hosts show beside the source. */
  public String sarif() {
    ObjectNode root = JSON.createObjectNode();
    root.put("$schema", SARIF_SCHEMA);
    root.put("version", "2.1.0");
    ObjectNode run = root.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", Clean.line(result.scanner()));
    driver.put("version", Clean.line(result.version()));
    ArrayNode rules = driver.putArray("rules");
    Map<String, Integer> indices = new LinkedHashMap<>();
    ArrayNode results = run.putArray("results");
    for (Finding finding : result.findings()) {
      int index = indices.computeIfAbsent(finding.id(), id -> addRule(rules, finding));
      addResult(results, finding, index);
    }
    addInvocation(run);
    return printed(root);
  }

  private static int addRule(ArrayNode rules, Finding finding) {
    ObjectNode rule = rules.addObject();
    rule.put("id", Clean.line(finding.id()));
    String title = finding.title().isEmpty() ? finding.id() : finding.title();
    rule.putObject("shortDescription").put("text", Clean.line(title));
    rule.putObject("defaultConfiguration").put("level", level(finding.severity()));
    ArrayNode tags = rule.putObject("properties").putArray("tags");
    List.of("security", "vulnerability", finding.severity().word()).forEach(tags::add);
    return rules.size() - 1;
  }

  private static void addResult(ArrayNode results, Finding finding, int rule) {
    ObjectNode node = results.addObject();
    node.put("ruleId", Clean.line(finding.id()));
    node.put("ruleIndex", rule);
    node.put("level", level(finding.severity()));
    String fixed =
        finding.fixedVersion().isEmpty() ? "not fixed yet" : "fixed in " + finding.fixedVersion();
    node.putObject("message")
        .put(
            "text",
            Clean.line("%s %s: %s".formatted(finding.packageName(), finding.version(), fixed)));
    ObjectNode place = node.putArray("locations").addObject().putObject("physicalLocation");
    place.putObject("artifactLocation").put("uri", uri(finding.target()));
    // There is no line in a program; viewers want one.
    place.putObject("region").put("startLine", 1);
    node.putObject("partialFingerprints")
        .put(
            "finding/v1",
            Clean.line(
                String.join(
                    "|",
                    finding.id(),
                    finding.packageName(),
                    finding.version(),
                    finding.target())));
  }

  private void addInvocation(ObjectNode run) {
    ObjectNode invocation = run.putArray("invocations").addObject();
    invocation.put("executionSuccessful", true);
    ArrayNode notifications = invocation.putArray("toolExecutionNotifications");
    for (Note note : result.notes()) {
      ObjectNode notification = notifications.addObject();
      notification.put("level", note.kind().blind() ? "error" : "note");
      notification.putObject("message").put("text", Clean.line(note.text()));
    }
    run.putObject("properties")
        .put("image", Clean.line(result.subject()))
        .put("database", Clean.line(result.database().about()));
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case CRITICAL, HIGH -> "error";
      case MEDIUM, UNKNOWN -> "warning";
      case LOW -> "note";
    };
  }

  /** A path in the image as a relative reference. */
  private static String uri(String target) {
    String path = target.isEmpty() ? "image" : target.replaceFirst("^/+", "");
    return List.of(path.split("/", -1)).stream()
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  private static String printed(ObjectNode root) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
