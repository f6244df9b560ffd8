package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.image.ElfBytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real scanner, over a database of our own making. */
class ScanIT {

  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final String CONTAINER_IMAGE = "three-image-diet/scanner-under-test:1";

  @TempDir Path temp;

  /** The stand-in, wherever else a scanner may come from, since its bytes are known. */
  private static Path program() {
    return new ScannerPackage(ScanFolder.ofThisUser().path()).runnable(Progress.SILENT);
  }

  private Path image() throws IOException {
    return new SavedImages()
        .layer()
        .debian("13", "bash 5.2-1", "zlib1g 1:1.3-1", "tar 1.35-1")
        .file("app", ElfBytes.program().go("go1.24.4", "example.org/app").bytes())
        .file("new", ElfBytes.program().go("go1.26.0", "example.org/app").bytes())
        .file("a.jar", log4j())
        .file("b.jar", "no archive")
        .write(temp.resolve("image.tar"));
  }

  private static byte[] log4j() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      String artifact = "org.apache.logging.log4j/log4j-core";
      zip.putNextEntry(new ZipEntry("META-INF/maven/" + artifact + "/pom.properties"));
      zip.write(
          "groupId=org.apache.logging.log4j\nartifactId=log4j-core\nversion=2.14.1\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** A carried database is older than none that could be fetched, so nothing is. */
  private Scan scan(Trivy trivy, Instant date) throws IOException {
    Map<String, String> zlib = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      zlib.put("CVE-2020-" + (1000 + i), "1:1.2-" + i);
    }
    zlib.put("CVE-2026-1000", "1:1.3-2");
    ScanFolder folder = new ScanFolder(temp.resolve("scan"));
    TrivyDatabase.write(
        folder.carriedDatabase(),
        date,
        List.of(
            new TrivyDatabase.Release(
                "13",
                Map.of(
                    "bash",
                    Map.of("CVE-2026-1111", "5.2-1+deb13u1", "CVE-2026-2222", "5.2-1"),
                    "zlib1g",
                    zlib)),
            new TrivyDatabase.Release("12", Map.of("tar", Map.of("CVE-2026-3333", "9")))),
        Advisories.standard().all());
    DebianAdvisories debian =
        new DebianAdvisories(
            folder.debian(),
            Clock.systemUTC(),
            codename -> {
              throw new EnvironmentException("none");
            });
    Databases databases =
        new Databases(folder, Clock.systemUTC(), false, Optional.empty(), debian, Progress.SILENT);
    try (Scanner scanner =
        new TrivyScanner(trivy, databases, DEADLINE, Progress.SILENT, Clock.systemUTC())) {
      return scanner.scan(image(), "test/app:1");
    }
  }

  private static void assertFound(Scan scan) {
    List<String> found = new ArrayList<>();
    for (Finding finding : scan.result().findings()) {
      found.add(finding.id() + " " + finding.target());
    }
    assertThat(found)
        .contains("CVE-2026-1111 debian 13.0", "CVE-2026-1000 debian 13.0", "CVE-2025-47907 app")
        .contains("CVE-2021-44228 a.jar")
        .noneMatch(line -> line.startsWith("CVE-2026-2222") || line.startsWith("CVE-2020-"))
        .noneMatch(line -> line.startsWith("CVE-2026-3333") || line.endsWith(" new"));
    Finding stdlib =
        scan.result().findings().stream()
            .filter(finding -> finding.id().equals("CVE-2025-47907"))
            .findFirst()
            .orElseThrow();
    assertThat(stdlib)
        .isEqualTo(
            new Finding(
                "CVE-2025-47907",
                "stdlib",
                "1.24.4",
                "1.23.12, 1.24.6",
                Severity.UNKNOWN,
                "app",
                "pkg:golang/stdlib@1.24.4",
                "database/sql: a query cancelled during Scan may return another query's rows"));
    assertThat(scan.result().components()).isEqualTo(6);
    assertThat(new String(scan.billOfMaterials(), StandardCharsets.UTF_8))
        .contains("\"CycloneDX\"", "pkg:deb/debian/bash@5.2-1", "pkg:golang/stdlib@1.26.0");
  }

  @Test
  @DisplayName("reads our database, and finds in an image what is in it and no more")
  void onThisMachine() throws IOException {
    TrivyProgram trivy = new TrivyProgram(program(), "the stand-in", Optional.of("dev"));
    Scan scan = scan(trivy, Instant.now());
    assertFound(scan);
    assertThat(scan.result().database().origin()).isEqualTo(Database.Origin.FILE);
    assertThat(scan.result().notes())
        .extracting(Note::kind)
        .containsExactly(Note.Kind.JAVA_ARCHIVES, Note.Kind.COMPONENTS_ADDED);
  }

  @Test
  @DisplayName("does the same in a container without a network")
  void inContainer() throws IOException {
    try (Engine engine = Engines.connect()) {
      Path archive = temp.resolve("scanner.tar");
      new SavedImages()
          .named(CONTAINER_IMAGE)
          .entrypoint("/trivy")
          .layer()
          .file("trivy", Files.readAllBytes(program()))
          .file("tmp/.keep", "")
          .write(archive);
      engine.load(new ByteArrayInputStream(Files.readAllBytes(archive)));
      try {
        assertFound(scan(new TrivyContainer(engine, CONTAINER_IMAGE), Instant.now()));
      } finally {
        engine.untag(CONTAINER_IMAGE);
      }
    }
  }
}
