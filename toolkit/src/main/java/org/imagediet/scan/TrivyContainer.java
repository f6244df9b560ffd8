package org.imagediet.scan;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;

/**
 * Trivy in a container without any network. Files are copied in and out, so that it works with an
 * engine on another machine too.
 */
final class TrivyContainer implements Trivy {

  private static final Duration FIRST_WORD = Duration.ofSeconds(60);
  private static final long MEMORY = 2L << 30;
  private static final String FOLDER = "scan";
  private static final String OUTPUT = "answer.json";

  private final Engine engine;
  private final String image;
  private Optional<String> version = Optional.empty();

  /** Takes a local image whose entrypoint is Trivy. */
  TrivyContainer(Engine engine, String image) {
    this.engine = engine;
    this.image = image;
  }

  @Override
  public String about() {
    return "Trivy in a container of " + image;
  }

  @Override
  public String version() {
    if (version.isEmpty()) {
      try (Container container = engine.create(spec(List.of("--version"), false))) {
        finish(container, FIRST_WORD);
        version =
            container
                .log()
                .lines()
                .filter(line -> line.startsWith("Version: "))
                .map(line -> line.substring("Version: ".length()).strip())
                .findFirst()
                .or(() -> Optional.of("unknown"));
      }
    }
    return version.orElseThrow();
  }

  @Override
  public byte[] run(List<String> arguments, Map<String, Path> files, Duration deadline) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--output", OUTPUT));
    try (Container container = engine.create(spec(all, false))) {
      copyIn(container, files);
      finish(container, deadline);
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(container.copyOut("/" + FOLDER + "/" + OUTPUT))) {
        if (tar.getNextEntry() == null) {
          throw new EnvironmentException("The scanner in the container left no answer; run again.");
        }
        byte[] answer = tar.readNBytes(MOST_OUTPUT + 1);
        if (answer.length > MOST_OUTPUT) {
          throw new EnvironmentException(
              "The scanner wrote more than %d MB; its answer is of no use."
                  .formatted(MOST_OUTPUT >> 20));
        }
        return answer;
      }
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off during the scan; run again.", e);
    }
  }

  @Override
  public Optional<String> fetchDatabase(
      Path folder, Optional<String> repository, Duration deadline) {
    try (Container container = engine.create(spec(Trivy.fetching(repository), true))) {
      finish(container, deadline);
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(container.copyOut("/" + FOLDER + "/" + DATABASE))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
          if (name.equals(TrivyDatabase.DATA) || name.equals(TrivyDatabase.METADATA)) {
            Files.copy(tar, folder.resolve(name));
          }
        }
      }
      return Optional.empty();
    } catch (EnvironmentException | IOException e) {
      return Optional.of("its source does not answer");
    }
  }

  private ContainerSpec spec(List<String> arguments, boolean online) {
    ContainerSpec.Builder spec =
        ContainerSpec.image(image)
            .command(arguments.toArray(String[]::new))
            .workingDirectory("/" + FOLDER)
            .environment("GOMEMLIMIT", "1GiB")
            .environment("TRIVY_SKIP_VERSION_CHECK", "true")
            .environment("TRIVY_DISABLE_TELEMETRY", "true")
            .memoryBytes(MEMORY)
            .unprivileged();
    return (online ? spec.outbound() : spec).build();
  }

  private static void finish(Container container, Duration deadline) {
    container
        .start()
        .ifPresent(
            reason -> {
              throw new EnvironmentException(
                  "The scanner's container did not start: " + reason + ".");
            });
    OptionalInt code = container.await(deadline);
    if (code.isEmpty()) {
      throw new EnvironmentException(
          "The scanner did not end within %d s and was ended; run again on a quieter machine."
              .formatted(deadline.toSeconds()));
    }
    if (code.getAsInt() != 0) {
      List<String> lines = container.log().lines().filter(line -> !line.isBlank()).toList();
      throw new EnvironmentException(
          "The scanner in the container failed with exit code %d%s"
              .formatted(
                  code.getAsInt(),
                  lines.isEmpty() ? "." : ": " + lines.get(lines.size() - 1).strip() + "."));
    }
  }

  /** Streams the files as a tar, so that an image is not written to disk once more. */
  private static void copyIn(Container container, Map<String, Path> files) throws IOException {
    PipedInputStream in = new PipedInputStream(1 << 20);
    PipedOutputStream out = new PipedOutputStream(in);
    Thread writer = new Thread(() -> write(out, files), "scanner-files");
    writer.setDaemon(true);
    writer.start();
    try (InputStream tar = in) {
      container.copyIn("/", tar);
    }
  }

  private static void write(PipedOutputStream out, Map<String, Path> files) {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (Map.Entry<String, Path> file : new TreeMap<>(files).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(FOLDER + "/" + file.getKey());
        entry.setSize(Files.size(file.getValue()));
        tar.putArchiveEntry(entry);
        Files.copy(file.getValue(), tar);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      // The reader finds the pipe broken, and says so.
    }
  }

  @Override
  public void close() {
    // Each run removes its container.
  }
}
