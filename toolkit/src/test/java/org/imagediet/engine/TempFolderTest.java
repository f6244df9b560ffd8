package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TempFolderTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir private Path elsewhere;

  @Test
  @DisplayName("goes with what is in it, and leaves alone what its links point to")
  void closed() throws IOException {
    Path kept = Files.writeString(elsewhere.resolve("kept"), "");
    TempFolder folder = TempFolder.create();
    Files.createDirectories(folder.path().resolve("a/b"));
    Files.writeString(folder.path().resolve("a/b/c"), "");
    Files.createSymbolicLink(folder.path().resolve("link"), elsewhere);
    folder.close();
    assertThat(folder.path()).doesNotExist();
    assertThat(kept).exists();
  }

  @Test
  @DisplayName("never deletes through a mount that a killed program left in it")
  void mounted() throws IOException {
    Path kept = Files.writeString(elsewhere.resolve("kept"), "");
    TempFolder folder = TempFolder.create();
    Path point = Files.createDirectories(folder.path().resolve("dev/shm"));
    boolean mounted =
        Command.of("mount", "--bind", elsewhere.toString(), point.toString()).run(LONG).succeeded();
    assumeTrue(mounted, "mounting takes root");
    assertThat(point.resolve("kept")).exists();
    folder.close();
    assertThat(kept).exists();
    assertThat(folder.path()).doesNotExist();
  }

  @Test
  @DisplayName("finds mounts below a folder, the last first, and not those beside it")
  void mountTable() {
    List<String> table =
        List.of(
            "/dev/vda / ext4 rw 0 0",
            "proc /tmp/x/proc proc ro 0 0",
            "tmpfs /tmp/x/a\\040b tmpfs rw 0 0",
            "tmpfs /tmp/xy/shm tmpfs rw 0 0",
            "tmpfs /tmp/x tmpfs rw 0 0");
    assertThat(MountPoints.below(Path.of("/tmp/x"), table))
        .containsExactly(Path.of("/tmp/x/a b"), Path.of("/tmp/x/proc"));
  }

  /** Makes a folder, says where, and ends. */
  static final class Forgetful {
    public static void main(String[] arguments) {
      System.out.println(TempFolder.create().path());
    }
  }

  @Test
  @DisplayName("goes with a process that forgot it, and that never ran a program either")
  void forgotten() {
    Command.Captured captured =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Forgetful.class.getName())
            .capture(LONG.multipliedBy(6), 10_000);
    assertThat(captured.result().lastLines()).isEmpty();
    String path = new String(captured.output(), StandardCharsets.UTF_8).strip();
    assertThat(path).contains("three-image-diet-");
    assertThat(Path.of(path)).doesNotExist();
  }
}
