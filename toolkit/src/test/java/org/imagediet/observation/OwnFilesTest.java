package org.imagediet.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.Layer;
import org.imagediet.image.PlainConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OwnFilesTest {

  private static Layer layer(int index, String digest, List<String> hidden, String... paths) {
    List<FileEntry> entries =
        Arrays.stream(paths)
            .map(
                path ->
                    new FileEntry(
                        path, FileType.FILE, 0644, 0, 0, 10, "", false, index, Optional.empty()))
            .toList();
    return new Layer(
        index,
        digest,
        "tar",
        "",
        OptionalLong.empty(),
        10L * entries.size(),
        entries,
        hidden,
        List.of());
  }

  private static ContainerImage image(Layer... layers) {
    return new ContainerImage(
        "", "sha256:1", PlainConfig.starting(List.of("/app")), List.of(layers));
  }

  @Test
  @DisplayName("on another base an image has that base's files, and of its own base's none")
  void on() {
    ContainerImage image =
        image(
            layer(0, "sha256:a", List.of(), "/etc/passwd", "/old"),
            layer(1, "sha256:b", List.of("/etc/motd"), "/app"));
    ContainerImage other =
        image(
            layer(0, "sha256:c", List.of(), "/etc/motd"),
            layer(1, "sha256:d", List.of(), "/new", "/other"));
    ContainerImage moved = OwnFiles.of(image, 1).on(other);
    assertThat(moved.layers())
        .extracting(Layer::diffId)
        .containsExactly("sha256:c", "sha256:d", "sha256:b");
    assertThat(moved.files().entries())
        .extracting(FileEntry::path)
        .containsExactly("/app", "/new", "/other");
    assertThat(moved.files().get("/app").orElseThrow().layer()).isEqualTo(2);
    assertThat(moved.config().argv()).containsExactly("/app");
    assertThat(moved.sizes().unpackedBytes()).isEqualTo(40);
  }
}
