package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.engine.EnvironmentException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrivyProgramTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  /** A program that does what a shell script says. */
  private TrivyProgram program(String script) throws IOException {
    Path file = folder.resolve("trivy");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return new TrivyProgram(file, "a fake", Optional.empty());
  }

  private static String text(byte[] output) {
    return new String(output, StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("finds its files in a working folder of its own, which goes")
  void files() throws IOException {
    Path image = Files.writeString(folder.resolve("some.tar"), "content");
    TrivyProgram trivy = program("pwd; cat cache/db/x; echo \" $*\"; touch left");
    String output = text(trivy.run(List.of("image", "--x"), Map.of("cache/db/x", image), LONG));
    assertThat(output).endsWith("\ncontent image --x\n");
    assertThat(Path.of(output.lines().findFirst().orElseThrow())).doesNotExist();
    assertThat(folder).isDirectoryContaining("glob:**/some.tar");
  }

  @Test
  @DisplayName("gets none of our variables, a home of its own and no way to the network")
  void environment() throws IOException {
    String output = text(program("env").run(List.of(), Map.of(), LONG));
    assertThat(output.lines().map(line -> line.replaceFirst("=.*", "")))
        .isSubsetOf(
            "PATH",
            "HOME",
            "TMPDIR",
            "GOGC",
            "GOMEMLIMIT",
            "TRIVY_SKIP_VERSION_CHECK",
            "TRIVY_DISABLE_TELEMETRY",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            // The shell's own.
            "PWD",
            "OLDPWD",
            "_",
            "SHLVL");
    assertThat(output)
        .contains("HTTPS_PROXY=http://127.0.0.1:9\n")
        .doesNotContain("HOME=" + System.getProperty("user.home") + "\n");
  }

  @Test
  @DisplayName("is bounded in memory and in the size of its files")
  void limits() throws IOException {
    String output = text(program("ulimit -v; ulimit -f").run(List.of(), Map.of(), LONG));
    assertThat(output.lines()).hasSize(2).doesNotContain("unlimited");
  }

  @Test
  @DisplayName("fails in one sentence that repeats its last words")
  void fails() throws IOException {
    TrivyProgram trivy =
        program(
            "echo '2026-01-01T00:00:00Z\t\u001b[31mFATAL\u001b[0m\tno such format' >&2; exit 3");
    assertThatThrownBy(() -> trivy.run(List.of(), Map.of(), LONG))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("The scanner trivy failed with exit code 3: no such format.");
    assertThatThrownBy(() -> program("exit 1").run(List.of(), Map.of(), LONG))
        .hasMessage("The scanner trivy failed with exit code 1.");
  }

  @Test
  @DisplayName("is ended at the deadline, with what it started")
  void hangs() throws IOException {
    TrivyProgram trivy = program("sleep 73.25 & wait");
    assertThatThrownBy(() -> trivy.run(List.of(), Map.of(), Duration.ofMillis(500)))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("did not end within");
    assertThat(
            ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info().commandLine().orElse("")))
        .noneMatch(line -> line.contains("sleep 73.25"));
  }

  @Test
  @DisplayName("is ended when it writes without end")
  void endless() throws IOException {
    TrivyProgram trivy = program("exec head -c 1000000000 /dev/zero");
    assertThatThrownBy(() -> trivy.run(List.of(), Map.of(), LONG))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("wrote more than 128 MB");
  }

  @Test
  @DisplayName("tells its version once")
  void version() throws IOException {
    TrivyProgram trivy = program("echo 'Version: 0.65.0'; echo x >> " + folder + "/asked");
    assertThat(trivy.version()).isEqualTo("0.65.0");
    assertThat(trivy.version()).isEqualTo("0.65.0");
    assertThat(folder.resolve("asked")).hasContent("x");
    assertThat(program("echo other").version()).isEqualTo("unknown");
  }

  @Test
  @DisplayName("downloads a database into a folder, or says that it could not")
  void database() throws IOException {
    Path into = Files.createDirectory(folder.resolve("into"));
    TrivyProgram trivy =
        program(
            "[ \"$*\" = 'image --download-db-only --no-progress --cache-dir cache --db-repository"
                + " r/db' ] && mkdir -p cache/db && echo d > cache/db/trivy.db && echo m >"
                + " cache/db/metadata.json");
    assertThat(trivy.fetchDatabase(into, Optional.of("r/db"), LONG)).isEmpty();
    assertThat(into.resolve("trivy.db")).hasContent("d");
    assertThat(into.resolve("metadata.json")).hasContent("m");
    assertThat(program("exit 1").fetchDatabase(into, Optional.empty(), LONG)).isPresent();
    assertThat(program("exit 0").fetchDatabase(into, Optional.empty(), LONG)).isPresent();
  }
}
