package org.imagediet.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.ElfFile;

/**
 * Scans with Trivy, in two steps: it lists an image's components, and it compares that list with a
 * database. Between them the list is completed, and the database chosen for it.
 */
final class TrivyScanner implements Scanner {

  private static final Pattern GO_VERSION = Pattern.compile("go(\\d+\\.\\d+(?:\\.\\d+)?)\\b.*");

  private final Trivy trivy;
  private final Databases databases;
  private final Duration deadline;
  private final Progress progress;
  private final Clock clock;

  /**
   * Takes a Trivy.
   *
   * @param deadline how long each of the steps may take
   */
  TrivyScanner(
      Trivy trivy, Databases databases, Duration deadline, Progress progress, Clock clock) {
    this.trivy = trivy;
    this.databases = databases;
    this.deadline = deadline;
    this.progress = progress;
    this.clock = clock;
  }

  @Override
  public String about() {
    return trivy.about();
  }

  @Override
  public Scan scan(Path archive, ContainerImage image, String subject) {
    try (TempFolder work = TempFolder.create()) {
      BillOfMaterials bill = list(archive, work.path().resolve("java-db"));
      bill.name(subject);
      List<Note> notes = new ArrayList<>(Doubts.of(image));
      complete(bill, image, notes);
      Databases.Ready ready = databases.find(trivy, bill, work.path().resolve("db"));
      notes.addAll(ready.notes());
      List<Finding> findings = compare(bill, ready.files(), work.path().resolve("bill.json"));
      return new Scan(
          new ScanResult(
              subject,
              trivy.about(),
              trivy.version(),
              ready.database(),
              findings,
              bill.components(),
              notes),
          bill.json());
    } catch (IOException e) {
      throw new EnvironmentException(
          "The scan cannot keep its files: " + e.getMessage() + "; is the disk full?", e);
    }
  }

  private BillOfMaterials list(Path archive, Path javaIndex) throws IOException {
    TrivyDatabase.writeEmptyJavaIndex(javaIndex, clock.instant());
    Map<String, Path> files = new TreeMap<>();
    files.put("image.tar", archive);
    for (String name : List.of(TrivyDatabase.JAVA_INDEX, TrivyDatabase.METADATA)) {
      files.put(Trivy.CACHE + "/java-db/" + name, javaIndex.resolve(name));
    }
    try (Progress.Task task = progress.begin("list what is in the image")) {
      byte[] answer =
          trivy.run(
              List.of(
                  "image",
                  "--quiet",
                  "--input",
                  "image.tar",
                  "--format",
                  "cyclonedx",
                  "--offline-scan",
                  "--skip-db-update",
                  "--skip-java-db-update",
                  "--cache-dir",
                  Trivy.CACHE),
              files,
              deadline);
      BillOfMaterials bill = BillOfMaterials.parse(answer);
      task.done(bill.components() + " components");
      return bill;
    }
  }

  /**
   * Newer scanners list the standard library that a Go program is linked with, older ones don't.
   */
  private static void complete(BillOfMaterials bill, ContainerImage image, List<Note> notes) {
    Map<String, String> versions = new TreeMap<>();
    Doubts.programs(image)
        .forEach(
            entry ->
                Doubts.elf(entry)
                    .flatMap(ElfFile::go)
                    .map(go -> GO_VERSION.matcher(go.goVersion()))
                    .filter(Matcher::matches)
                    .map(version -> version.group(1))
                    .filter(version -> !bill.listsStandardLibrary(version))
                    .ifPresent(version -> versions.put(entry.path(), version)));
    if (!versions.isEmpty()) {
      bill.addStandardLibraries(versions);
      notes.add(
          new Note(
              Note.Kind.COMPONENTS_ADDED,
              "This scanner does not look at the Go standard library inside programs; the toolkit"
                  + " added it to the bill of materials for %d of them."
                      .formatted(versions.size())));
    }
  }

  private List<Finding> compare(BillOfMaterials bill, Path database, Path file) throws IOException {
    Files.write(file, bill.json());
    Map<String, Path> files = new TreeMap<>();
    files.put("bill.json", file);
    for (String name : List.of(TrivyDatabase.DATA, TrivyDatabase.METADATA)) {
      files.put(Trivy.DATABASE + name, database.resolve(name));
    }
    try (Progress.Task task = progress.begin("compare it with the database")) {
      byte[] answer =
          trivy.run(
              List.of(
                  "sbom",
                  "--quiet",
                  "bill.json",
                  "--format",
                  "json",
                  "--offline-scan",
                  "--skip-db-update",
                  "--cache-dir",
                  Trivy.CACHE),
              files,
              deadline);
      List<Finding> findings = TrivyReport.findings(answer);
      task.done(findings.size() + " findings");
      return findings;
    }
  }

  @Override
  public void close() {
    trivy.close();
  }
}
