package org.imagediet.bases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BasesTest {

  @TempDir Path folder;

  private final FakeEngine engine = new FakeEngine();
  private final Bases bases = Bases.standard(engine);
  private final FakeLuggage luggage = new FakeLuggage();

  /** Carries a text, when it has one. */
  private static final class FakeLuggage implements Bases.Luggage {
    private String carried = "";
    private String received = "";

    @Override
    public List<String> images() {
      return List.of("scanner:1");
    }

    @Override
    public boolean pack(List<String> images, Path tar) throws IOException {
      if (!carried.isEmpty()) {
        Files.writeString(tar, carried + images);
      }
      return !carried.isEmpty();
    }

    @Override
    public void unpack(InputStream tar) throws IOException {
      received = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  @DisplayName("leaves an image alone that is there already")
  void local() {
    engine.images.put("ubuntu:24.04", "sha256:1");
    List<ResolvedBase> resolved = bases.ensure(List.of("ubuntu:24.04"), Progress.SILENT);
    assertThat(resolved.get(0).source()).isEqualTo(ResolvedBase.Source.LOCAL);
    assertThat(engine.asked).isEmpty();
  }

  @Test
  @DisplayName("pulls an image that is not there, even one it does not know")
  void pulled() {
    engine.pullable.put("busybox:1", "sha256:2");
    List<ResolvedBase> resolved = bases.ensure(List.of("busybox:1"), Progress.SILENT);
    assertThat(resolved.get(0).source()).isEqualTo(ResolvedBase.Source.PULLED);
    assertThat(resolved.get(0).id()).isEqualTo("sha256:2");
  }

  @Test
  @DisplayName("names the images it knows when another cannot be had")
  void unknown() {
    assertThatThrownBy(() -> bases.ensure(List.of("busybox:1"), Progress.SILENT))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("busybox:1 is neither on this machine nor to be pulled")
        .hasMessageContaining("docker.io does not answer")
        .hasMessageContaining("ubuntu:24.04")
        .hasMessageContaining("gcr.io/distroless/static-debian13:nonroot");
  }

  @Test
  @DisplayName("asks a registry that does not answer only once in a run")
  void silentRegistry() {
    for (String name : List.of("busybox:1", "busybox:2", "ghcr.io/x/y:1")) {
      assertThatThrownBy(() -> bases.ensure(List.of(name), Progress.SILENT))
          .isInstanceOf(EnvironmentException.class);
    }
    assertThat(engine.asked).containsExactly("pull busybox:1", "pull ghcr.io/x/y:1");
  }

  @Test
  @DisplayName("asks on when a registry answered that it has no such image")
  void answeringRegistry() {
    engine.pullFailure = "manifest unknown";
    for (String name : List.of("busybox:1", "busybox:2")) {
      assertThatThrownBy(() -> bases.ensure(List.of(name), Progress.SILENT))
          .hasMessageContaining("docker.io has no such image");
    }
    assertThat(engine.asked).hasSize(2);
  }

  @Test
  @DisplayName("makes no stand-in for an engine of another architecture")
  void otherArchitecture() {
    assertThatThrownBy(() -> bases.ensure(List.of("ubuntu:24.04"), Progress.SILENT))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("./lab bases load");
  }

  @Test
  @DisplayName("saves the local images of the catalogue and no others, whole or not at all")
  void save() throws IOException {
    assertThatThrownBy(() -> bases.save(folder.resolve("none.tar"), luggage))
        .hasMessageContaining("./lab setup");
    engine.images.put("ubuntu:24.04", "sha256:1");
    engine.images.put("my/app:1", "sha256:2");
    assertThat(bases.save(folder.resolve("bases.tar"), luggage)).containsExactly("ubuntu:24.04");
    assertThat(engine.asked).containsExactly("save ubuntu:24.04");
    assertThat(folder.resolve("bases.tar")).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(folder.resolve("bases.tar.part")).doesNotExist();
    assertThatThrownBy(() -> bases.save(folder.resolve("no/such/bases.tar"), luggage))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("There is no folder ");
  }

  @Test
  @DisplayName("loads a saved file, and refuses any other before the engine sees it")
  void load() throws IOException {
    assertThat(bases.load(archive("[{\"RepoTags\":[\"ubuntu:24.04\"]}]"), luggage))
        .containsExactly("ubuntu:24.04");
    assertThat(engine.asked).containsExactly("load");
    engine.asked.clear();
    assertThatThrownBy(() -> bases.load(archive("[{\"RepoTags\":[\"mine:1\"]}]"), luggage))
        .hasMessageContaining("holds mine:1, which is no base image of the labs");
    assertThatThrownBy(() -> bases.load(archive("[]"), luggage))
        .hasMessageContaining("names no image");
    Path text = Files.writeString(folder.resolve("text"), "no tar at all".repeat(100));
    assertThatThrownBy(() -> bases.load(text, luggage))
        .hasMessageContaining("no tar archive of images");
    assertThatThrownBy(() -> bases.load(folder.resolve("absent"), luggage))
        .hasMessageStartingWith("There is no file ");
    assertThat(engine.asked).isEmpty();
  }

  @Test
  @DisplayName("carries luggage before the images, and hands each its own part")
  void luggage() throws IOException {
    engine.images.put("ubuntu:24.04", "sha256:1");
    engine.images.put("scanner:1", "sha256:2");
    luggage.carried = "database of ".repeat(100);
    engine.saved = Files.readAllBytes(archive("[{\"RepoTags\":[\"ubuntu:24.04\",\"scanner:1\"]}]"));
    Path file = folder.resolve("all.tar");
    assertThat(bases.save(file, luggage)).containsExactly("ubuntu:24.04", "scanner:1");
    assertThat(bases.load(file, luggage)).containsExactly("ubuntu:24.04", "scanner:1");
    assertThat(luggage.received).isEqualTo(luggage.carried + "[ubuntu:24.04]");
    assertThat(engine.loaded).as("what the engine got").isEqualTo(engine.saved);
  }

  private Path archive(String manifest) throws IOException {
    Path file = folder.resolve("bases.tar");
    byte[] content = manifest.getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry entry = new TarArchiveEntry("manifest.json");
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return file;
  }
}
