package org.imagediet.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.engine.Command;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;

/**
 * Trivy as a program of this machine. It reads what strangers built, so it gets a home of its own,
 * no variable of ours, no settings file, no way to the network, and bounds on memory, files and
 * time.
 */
final class TrivyProgram implements Trivy {

  private static final Duration FIRST_WORD = Duration.ofSeconds(60);
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  /** Address space, which includes the mapped database; a scan of 741 MB needs 0.35 GB of it. */
  private static final long MOST_MEMORY = 6L << 30;

  private static final long MOST_FILE = 4L << 30;

  private static final String SEARCH_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Nobody listens there, so that even a forgotten request stays on this machine. */
  private static final String NOWHERE = "http://127.0.0.1:9";

  /** What a download may need to know of this machine's network. */
  private static final List<String> WAY_OUT =
      List.of(
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "SSL_CERT_FILE");

  private static final Pattern VERSION = Pattern.compile("Version: (\\S+)");

  private final Path program;
  private final String about;
  private Optional<String> version;

  /**
   * Takes a program.
   *
   * @param about what a person is told that it is
   * @param version where it is known; else the program is asked
   */
  TrivyProgram(Path program, String about, Optional<String> version) {
    this.program = program;
    this.about = about;
    this.version = version;
  }

  @Override
  public String about() {
    return about;
  }

  @Override
  public String version() {
    if (version.isEmpty()) {
      try (TempFolder folder = TempFolder.create()) {
        byte[] answer = captured(folder.path(), List.of("--version"), FIRST_WORD, true);
        Matcher said = VERSION.matcher(new String(answer, StandardCharsets.UTF_8));
        version = Optional.of(said.find() ? said.group(1) : "unknown");
      }
    }
    return version.get();
  }

  @Override
  public byte[] run(List<String> arguments, Map<String, Path> files, Duration deadline) {
    try (TempFolder folder = TempFolder.create()) {
      lay(folder.path(), files);
      return captured(folder.path(), arguments, deadline, true);
    } catch (IOException e) {
      throw new EnvironmentException(
          "The scanner's folder cannot be prepared: " + e.getMessage() + ".", e);
    }
  }

  private static void lay(Path folder, Map<String, Path> files) throws IOException {
    for (Map.Entry<String, Path> file : files.entrySet()) {
      Path link = folder.resolve(file.getKey());
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, file.getValue().toAbsolutePath());
    }
  }

  @Override
  public Optional<String> fetchDatabase(
      Path folder, Optional<String> repository, Duration deadline) {
    try (TempFolder work = TempFolder.create()) {
      captured(work.path(), Trivy.fetching(repository), deadline, false);
      for (String name : List.of(TrivyDatabase.DATA, TrivyDatabase.METADATA)) {
        Files.copy(work.path().resolve(DATABASE + name), folder.resolve(name));
      }
      return Optional.empty();
    } catch (EnvironmentException | IOException e) {
      return Optional.of("its source does not answer");
    }
  }

  private byte[] captured(Path folder, List<String> arguments, Duration deadline, boolean offline) {
    Command.Captured captured =
        Command.of(argv(folder, arguments, offline))
            .directory(folder)
            .lifeline()
            .capture(deadline, MOST_OUTPUT);
    Command.Result result = captured.result();
    if (captured.tooMuch()) {
      throw new EnvironmentException(
          "The scanner wrote more than %d MB and was ended; its answer is of no use."
              .formatted(MOST_OUTPUT >> 20));
    }
    if (result.timedOut()) {
      throw new EnvironmentException(
          "The scanner did not end within %d s and was ended; run again on a quieter machine."
              .formatted(deadline.toSeconds()));
    }
    if (!result.succeeded()) {
      throw new EnvironmentException(
          "The scanner %s failed with exit code %d%s"
              .formatted(program.getFileName(), result.exitCode(), said(result)));
    }
    return captured.output();
  }

  /** The last thing it said, without time and colours. */
  private static String said(Command.Result result) {
    String line = result.lastLine().replaceAll("\u001b\\[[0-9;]*m", "");
    String bare = line.replaceFirst("^\\S+T\\S+Z?\\s+(?:FATAL|ERROR|WARN|INFO)\\s+", "").strip();
    return bare.isEmpty() ? "." : ": " + bare + (bare.endsWith(".") ? "" : ".");
  }

  private List<String> argv(Path folder, List<String> arguments, boolean offline) {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/env", "-i"));
    argv.add("PATH=" + SEARCH_PATH);
    argv.add("HOME=" + folder);
    argv.add("TMPDIR=" + folder);
    argv.add("GOMEMLIMIT=1GiB");
    // Below that limit; a fifth of its start would be spent on collecting garbage.
    argv.add("GOGC=400");
    argv.add("TRIVY_SKIP_VERSION_CHECK=true");
    argv.add("TRIVY_DISABLE_TELEMETRY=true");
    if (offline) {
      argv.addAll(List.of("HTTP_PROXY=" + NOWHERE, "HTTPS_PROXY=" + NOWHERE));
    } else {
      WAY_OUT.forEach(name -> passOn(name, argv));
    }
    if (Files.isExecutable(PRLIMIT)) {
      argv.addAll(List.of(PRLIMIT.toString(), "--as=" + MOST_MEMORY, "--fsize=" + MOST_FILE));
    }
    argv.add(program.toString());
    argv.addAll(arguments);
    return argv;
  }

  private static void passOn(String name, List<String> argv) {
    String value = System.getenv(name);
    if (value != null) {
      argv.add(name + "=" + value);
    }
  }

  @Override
  public void close() {
    // Nothing outlives a run.
  }
}
