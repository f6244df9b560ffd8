package org.imagediet.workbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerfileBasesTest {

  @TempDir Path folder;

  @Test
  @DisplayName("names the bases of a Dockerfile and not its stages")
  void dockerfile() throws IOException {
    Path dockerfile = folder.resolve("Dockerfile");
    Files.writeString(
        dockerfile,
        """
        # FROM commented:1
        FROM golang:1.24-alpine AS build
        RUN --mount=type=bind,from=alpine,target=/a true
        from build as test
        FROM --platform=linux/amd64 scratch
        COPY --from=build /app /app
        COPY --from=gcr.io/distroless/static-debian13 /etc/passwd /etc/passwd
        COPY --from=0 /x /x
        """);
    assertThat(DockerfileBases.of(dockerfile))
        .containsExactly("golang:1.24-alpine", "alpine", "gcr.io/distroless/static-debian13");
  }

  @Test
  @DisplayName("names the base of a jib.yaml")
  void jib() throws IOException {
    Path jib = folder.resolve("jib.yaml");
    Files.writeString(
        jib,
        """
        apiVersion: jib/v1alpha1
        kind: BuildFile
        from:
          image: "gcr.io/distroless/java25-debian13:nonroot"
        """);
    assertThat(DockerfileBases.of(jib))
        .containsExactly("gcr.io/distroless/java25-debian13:nonroot");
  }
}
