package org.imagediet.engine.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerFilesTest {

  @TempDir private Path folder;
  private Path context;

  @BeforeEach
  void prepare() throws IOException {
    context = Files.createDirectories(folder.resolve("context"));
    write("context/run.sh");
    write("context/classes/A.class");
    write("context/classes/deep/er/B.class");
    write("context/classes/deep/er/notes.txt");
    write("outside/secret");
  }

  private void write(String file) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, file);
  }

  private List<String> copied(String source, String destination) throws IOException {
    return copied(source, destination, List.of(), List.of());
  }

  private List<String> copied(
      String source, String destination, List<String> includes, List<String> excludes)
      throws IOException {
    BuildFile.Properties properties =
        new BuildFile.Properties(0640, 0750, "7", "8", Instant.ofEpochSecond(9));
    BuildFile.Copy copy =
        new BuildFile.Copy(
            "layers.entries[0].files[0]", source, destination, includes, excludes, properties);
    return new LayerFiles(context)
        .layer(new BuildFile.Layer("a", List.of(copy))).getEntries().stream()
            .map(LayerFilesTest::line)
            .toList();
  }

  private static String line(FileEntry entry) {
    assertThat(entry.getOwnership()).isEqualTo("7:8");
    assertThat(entry.getModificationTime()).isEqualTo(Instant.ofEpochSecond(9));
    return entry.getPermissions().toOctalString() + " " + entry.getExtractionPath();
  }

  private void refuses(String source, String why) {
    assertThatThrownBy(() -> copied(source, "/x"))
        .isInstanceOf(BuildFileException.class)
        .hasMessage("jib.yaml: layers.entries[0].files[0]: %s %s.", source, why);
  }

  @Test
  @DisplayName("copies a file to a name, or into a folder when the destination ends with a slash")
  void file() throws IOException {
    assertThat(copied("run.sh", "/start")).containsExactly("640 /start");
    assertThat(copied("run.sh", "/bin/")).containsExactly("640 /bin/run.sh");
  }

  @Test
  @DisplayName("copies a folder's content, folders first, always in the same order")
  void folder() throws IOException {
    assertThat(copied("classes", "/app"))
        .containsExactly(
            "750 /app",
            "640 /app/A.class",
            "750 /app/deep",
            "750 /app/deep/er",
            "640 /app/deep/er/B.class",
            "640 /app/deep/er/notes.txt");
  }

  @Test
  @DisplayName("takes only what is included, with the folders that it is in")
  void includes() throws IOException {
    assertThat(copied("classes", "/app", List.of("**/B.class"), List.of()))
        .containsExactly(
            "750 /app", "750 /app/deep", "750 /app/deep/er", "640 /app/deep/er/B.class");
    assertThat(copied("classes", "/app", List.of("**/A.class"), List.of()))
        .containsExactly("750 /app", "640 /app/A.class");
  }

  @Test
  @DisplayName("leaves out what is excluded; a pattern with a slash at its end means what is below")
  void excludes() throws IOException {
    assertThat(copied("classes", "/app", List.of(), List.of("**/*.txt")))
        .doesNotContain("640 /app/deep/er/notes.txt")
        .hasSize(5);
    assertThat(copied("classes", "/app", List.of(), List.of("**/deep/", "**/deep")))
        .containsExactly("750 /app", "640 /app/A.class");
  }

  @Test
  @DisplayName("never leaves the context, by name or by link")
  void escapes() throws IOException {
    Files.createSymbolicLink(context.resolve("file"), folder.resolve("outside/secret"));
    Files.createSymbolicLink(context.resolve("folder"), folder.resolve("outside"));
    Files.createSymbolicLink(context.resolve("classes/link"), folder.resolve("outside/secret"));
    refuses("../outside/secret", "leads out of the build context");
    refuses("classes/../../outside", "leads out of the build context");
    refuses("/etc/passwd", "leads out of the build context");
    refuses("file", "leads out of the build context");
    refuses("folder", "leads out of the build context");
    refuses("folder/secret", "leads out of the build context");
    refuses("classes", "leads out of the build context");
  }

  @Test
  @DisplayName("copies what a link inside the context leads to")
  void links() throws IOException {
    Files.createSymbolicLink(context.resolve("link"), Path.of("classes/A.class"));
    assertThat(copied("link", "/bin/")).containsExactly("640 /bin/link");
    Files.createSymbolicLink(context.resolve("classes/loop"), Path.of("../classes"));
    refuses("classes", "holds the link " + context.toRealPath() + "/classes/loop to a folder");
  }

  @Test
  @DisplayName("says what is absent, wrong or too much")
  void wrong() throws IOException {
    refuses("target/classes", "is not in the build context");
    assertThatThrownBy(() -> copied("run.sh", "/x", List.of("*"), List.of()))
        .hasMessageContaining("includes and excludes are for folders");
    assertThatThrownBy(() -> copied("classes", "/x", List.of("{a"), List.of()))
        .hasMessageContaining("has a wrong pattern");
    Files.createDirectories(context.resolve("many"));
    for (int i = 0; i < 5001; i++) {
      Files.createFile(context.resolve("many/" + i));
    }
    refuses("many", "makes it more than 5000 files");
  }
}
