package org.imagediet.workbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildContextTest {

  @TempDir Path folder;
  private Path service;
  private Path dockerfile;

  @BeforeEach
  void service() throws IOException {
    service = Files.createDirectories(folder.resolve("service/cmd")).getParent();
    Files.writeString(service.resolve("cmd/main.go"), "package main");
    for (String name : new String[] {"target", "cmd/__pycache__"}) {
      Files.writeString(
          Files.createDirectories(service.resolve(name)).resolve("left"), "by a build");
    }
    dockerfile = Files.writeString(folder.resolve("Dockerfile"), "FROM scratch");
    Files.writeString(folder.resolve("Dockerfile.dockerignore"), "*.md");
  }

  @Test
  @DisplayName("copies the service, the Dockerfile and its ignore file, and not what a build left")
  void copies() throws IOException {
    Path copy;
    try (BuildContext context = BuildContext.of(service, dockerfile)) {
      copy = context.path();
      assertThat(copy.resolve("cmd/main.go")).hasContent("package main");
      assertThat(copy.resolve("Dockerfile")).hasContent("FROM scratch");
      assertThat(copy.resolve(".dockerignore")).hasContent("*.md");
      assertThat(copy.resolve("target")).doesNotExist();
      assertThat(copy.resolve("cmd/__pycache__")).doesNotExist();
    }
    assertThat(copy).doesNotExist();
  }

  @Test
  @DisplayName("does not follow links out of the service")
  void links() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(service.resolve("link"), secret);
    Files.createSymbolicLink(service.resolve("folder"), folder);
    try (BuildContext context = BuildContext.of(service, dockerfile)) {
      assertThat(context.path().resolve("link")).doesNotExist();
      assertThat(context.path().resolve("folder")).doesNotExist();
    }
  }

  @Test
  @DisplayName("refuses a Dockerfile that is a link, and does not say where it was")
  void linkedDockerfile() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("Linked"), dockerfile);
    assertThatThrownBy(() -> BuildContext.of(service, link))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Linked is not there as a plain file.");
  }

  @Test
  @DisplayName("refuses an ignore file that is a link, also to nowhere, or is too large")
  void linkedIgnoreFile() throws IOException {
    Path ignore = folder.resolve("Dockerfile.dockerignore");
    for (Path target : new Path[] {dockerfile, Path.of("nowhere"), folder}) {
      Files.delete(ignore);
      Files.createSymbolicLink(ignore, target);
      assertThatThrownBy(() -> BuildContext.of(service, dockerfile))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Dockerfile.dockerignore is not there as a plain file.");
    }
    Files.delete(ignore);
    Files.writeString(ignore, "#".repeat(1 + (64 << 10)));
    assertThatThrownBy(() -> BuildContext.of(service, dockerfile))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Dockerfile.dockerignore is larger than 64 KiB.");
  }

  @Test
  @DisplayName("refuses a service with more files than a service has")
  void manyFiles() throws IOException {
    for (int i = 0; i < 2000; i++) {
      Files.createFile(service.resolve("cmd").resolve("file" + i));
    }
    assertThatThrownBy(() -> BuildContext.of(service, dockerfile))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The service service has more than 2000 files or 50 MB; a service is smaller.");
  }
}
