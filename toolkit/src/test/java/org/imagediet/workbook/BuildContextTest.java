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
    Files.writeString(
        Files.createDirectories(service.resolve("target")).resolve("left"), "by a build");
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
  @DisplayName("refuses a Dockerfile that is a link")
  void linkedDockerfile() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("Linked"), dockerfile);
    assertThatThrownBy(() -> BuildContext.of(service, link))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There is no file " + link + ".");
  }
}
