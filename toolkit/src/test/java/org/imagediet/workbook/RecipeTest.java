package org.imagediet.workbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeTest {

  @TempDir Path folder;

  @Test
  @DisplayName("reads a Dockerfile or a jib.yaml as it is")
  void reads() throws IOException {
    String text = "\uFEFFFROM a # ü\r\n";
    Recipe recipe = read(Files.writeString(folder.resolve("Dockerfile"), text));

    assertThat(recipe.text()).isEqualTo(text);
    assertThat(recipe.jib()).isFalse();
    assertThatThrownBy(recipe::images).isInstanceOf(DockerfileException.class);
    assertThat(read(Files.writeString(folder.resolve("jib.yaml"), "")).jib()).isTrue();
  }

  @Test
  @DisplayName("takes plain files only, and names them without the folders of this machine")
  void plainFiles() throws Exception {
    Path file = folder.resolve("Dockerfile");
    refused(file, "There is no file lab/go/Dockerfile.");

    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "FROM a");
    Files.createSymbolicLink(file, elsewhere);
    refused(file, "lab/go/Dockerfile is a link or a folder, and must be a plain file.");

    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("nowhere"));
    refused(file, "lab/go/Dockerfile is a link or a folder, and must be a plain file.");

    Files.delete(file);
    Files.createDirectory(file);
    refused(file, "lab/go/Dockerfile is a link or a folder, and must be a plain file.");

    Files.delete(file);
    // Whoever opened it for reading would wait for ever.
    assertThat(Runtime.getRuntime().exec(new String[] {"mkfifo", file.toString()}).waitFor())
        .isZero();
    refused(file, "lab/go/Dockerfile is a link or a folder, and must be a plain file.");
  }

  @Test
  @DisplayName("takes 64 KiB of UTF-8 and no more, and no other bytes")
  void bytes() throws IOException {
    Path file = folder.resolve("Dockerfile");
    Files.write(file, new byte[64 << 10]);
    assertThat(read(file).text()).hasSize(64 << 10);

    Files.write(file, new byte[1 + (64 << 10)]);
    refused(file, "The file lab/go/Dockerfile is larger than 64 KiB.");

    // The second byte is a blank for a builder that reads bytes.
    Files.write(file, "COPY \u00a0--from=a b c".getBytes(StandardCharsets.ISO_8859_1));
    refused(file, "The file lab/go/Dockerfile is not a text in UTF-8.");
  }

  private static Recipe read(Path file) throws IOException {
    return Recipe.read(file, "lab/go/" + file.getFileName());
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class).hasMessage(message);
  }
}
