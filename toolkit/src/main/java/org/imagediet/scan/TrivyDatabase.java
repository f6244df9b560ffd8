package org.imagediet.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A vulnerability database in Trivy's own format (version 2): a bbolt file and its metadata. */
final class TrivyDatabase {

  static final String DATA = "trivy.db";
  static final String METADATA = "metadata.json";

  /** The index of Java archives. */
  static final String JAVA_INDEX = "trivy-java.db";

  private static final int VERSION = 2;
  private static final int JAVA_INDEX_VERSION = 1;
  private static final String EMPTY_JAVA_INDEX = "empty-java-index.sqlite";
  private static final String OURS = "Three Image Diet";
  private static final int MOST_METADATA = 64 << 10;

  private static final ObjectMapper JSON = new ObjectMapper();

  private TrivyDatabase() {}

  /** The fixes of one release of Debian, by source package and CVE. */
  record Release(String major, Map<String, Map<String, String>> fixes) {}

  /** Writes a database into a folder. */
  static void write(Path folder, Instant date, List<Release> releases, List<Advisory> advisories)
      throws IOException {
    BoltFile.Bucket root = new BoltFile.Bucket();
    BoltFile.Bucket details = root.bucket("vulnerability");
    for (Release release : releases) {
      String platform = "debian " + release.major();
      source(root, platform, "debian", "Debian's security suite, read by " + OURS);
      release
          .fixes()
          .forEach(
              (source, cves) ->
                  cves.forEach(
                      (cve, version) -> {
                        BoltFile.Bucket bucket = root.bucket(platform).bucket(source);
                        bucket.put(
                            cve, bytes(JSON.createObjectNode().put("FixedVersion", version)));
                        details.put(cve, details(Severity.UNKNOWN, ""));
                      }));
    }
    for (Advisory advisory : advisories) {
      String bucket = advisory.ecosystem() + "::" + OURS;
      source(root, bucket, advisory.ecosystem(), "Advisories of " + OURS);
      ObjectNode versions = JSON.createObjectNode();
      texts(versions.putArray("PatchedVersions"), advisory.fixed());
      texts(versions.putArray("VulnerableVersions"), advisory.affected());
      root.bucket(bucket).bucket(advisory.packageName()).put(advisory.id(), bytes(versions));
      details.put(advisory.id(), details(advisory.severity(), advisory.title()));
    }
    Files.createDirectories(folder);
    BoltFile.write(folder.resolve(DATA), root);
    Files.write(folder.resolve(METADATA), metadata(VERSION, date));
  }

  /**
   * Writes an empty index of Java archives, without which Trivy refuses to look at any; they are
   * then known by what they say of themselves, and not by their checksums. It is a SQLite file with
   * the two tables that Trivy asks: {@code artifacts(id INTEGER PRIMARY KEY, group_id TEXT,
   * artifact_id TEXT)} and {@code indices(artifact_id INTEGER, version TEXT, sha1 BLOB,
   * archive_type TEXT)}.
   */
  static void writeEmptyJavaIndex(Path folder, Instant date) throws IOException {
    Files.createDirectories(folder);
    try (InputStream empty = TrivyDatabase.class.getResourceAsStream(EMPTY_JAVA_INDEX)) {
      Files.write(
          folder.resolve(JAVA_INDEX),
          Objects.requireNonNull(empty, EMPTY_JAVA_INDEX).readAllBytes());
    }
    Files.write(folder.resolve(METADATA), metadata(JAVA_INDEX_VERSION, date));
  }

  private static byte[] metadata(int version, Instant date) {
    Instant seconds = date.truncatedTo(ChronoUnit.SECONDS);
    return bytes(
        JSON.createObjectNode()
            .put("Version", version)
            .put("NextUpdate", seconds.plus(1, ChronoUnit.DAYS).toString())
            .put("UpdatedAt", seconds.toString())
            .put("DownloadedAt", seconds.toString()));
  }

  /** Returns when a database was made; nothing when there is none that can be used. */
  static Optional<Instant> date(Path folder) {
    Path metadata = folder.resolve(METADATA);
    try {
      if (!Files.isRegularFile(folder.resolve(DATA)) || Files.size(metadata) > MOST_METADATA) {
        return Optional.empty();
      }
      JsonNode json = JSON.readTree(Files.readAllBytes(metadata));
      boolean ours = json.path("Version").asInt() == VERSION;
      return ours ? Optional.of(Instant.parse(json.path("UpdatedAt").asText())) : Optional.empty();
    } catch (IOException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static void source(BoltFile.Bucket root, String bucket, String id, String name) {
    ObjectNode source = JSON.createObjectNode().put("ID", id).put("Name", name).put("URL", "");
    root.bucket("data-source").put(bucket, bytes(source));
  }

  private static byte[] details(Severity severity, String title) {
    return bytes(JSON.createObjectNode().put("Title", title).put("Severity", severity.name()));
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  private static byte[] bytes(ObjectNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }
}
