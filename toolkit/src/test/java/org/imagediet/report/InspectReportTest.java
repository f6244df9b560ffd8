package org.imagediet.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.GoBuildInfo;
import org.imagediet.image.ImageConfig;
import org.imagediet.image.KnownProgram;
import org.imagediet.image.Layer;
import org.imagediet.image.ProgramKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InspectReportTest {

  private static final String EVIL = "\u001b]0;owned\u0007\u202egnp.exe\u009b31m";

  private static FileEntry file(String path, Content content) {
    return new FileEntry(
        path, FileType.FILE, 04755, 0, 0, 1000, "", false, 0, Optional.of(content));
  }

  private static ContainerImage image() {
    ElfFile app =
        new ElfFile(
            "amd64",
            ElfFile.Kind.STATIC,
            true,
            Optional.empty(),
            List.of(),
            true,
            List.of(),
            Optional.of(new GoBuildInfo("go1.24.4", "app/cmd/app", "app", Map.of("A", "b"))),
            false);
    Layer layer =
        new Layer(
            0,
            "sha256:00",
            "application/vnd.oci.image.layer.v1.tar",
            "COPY " + EVIL + " " + "word ".repeat(60),
            OptionalLong.of(1_234_567),
            2000,
            List.of(
                file("/app", Content.ofProgram(Optional.of(app), Set.of())),
                file(
                    "/bin/" + EVIL,
                    Content.ofProgram(
                        Optional.empty(), Set.of(new KnownProgram("busybox", ProgramKind.SHELL))))),
            List.of("/gone"),
            List.of());
    ImageConfig config =
        new ImageConfig(
            "65532",
            Map.of("PATH", "/bin"),
            List.of("/app"),
            List.of("--port", "80"),
            "/",
            Map.of("label", EVIL),
            List.of("8080/tcp"),
            Optional.of(new ImageConfig.HealthCheck(List.of("CMD", "/app", "-health"), 1, 2)),
            "",
            "1970-01-01T00:00:00Z",
            "amd64",
            "linux",
            "");
    return new ContainerImage("test/app:1", "sha256:11", config, List.of(layer));
  }

  @Test
  @DisplayName("tells what an image is and does, in lines of at most 100 columns")
  void text() {
    String text = new InspectReport(image(), List.of("/none"), true).text();
    assertThat(text)
        .contains(
            "test/app:1", "linux/amd64", "transfer         1.23 MB", "rootfs           0.00 MB")
        .contains("65532 is uid 65532, without a name, gid 0")
        .contains("/app, static amd64, not stripped")
        .contains("built by go1.24.4 from app/cmd/app")
        .contains("/none            not in the image")
        .contains("CMD /app -health")
        .contains("is busybox, by its content, layer 1")
        .contains("none: outbound TLS cannot verify anyone")
        .contains("-rwsr-xr-x     0:0            1000 /app");
    assertThat(text.lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  @DisplayName("lets nothing of an image through that a terminal would obey")
  void clean() throws IOException {
    String text = new InspectReport(image(), List.of(), true).text();
    assertThat(text).doesNotContain("\u001b", "\u0007", "\u202e", "\u009b");
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    new InspectReport(image(), List.of(), false).writeJson(json);
    assertThat(json.toString(StandardCharsets.UTF_8)).matches("[\\n -~]*");
  }

  @Test
  @DisplayName("writes all of it as JSON, names unchanged")
  void json() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new InspectReport(image(), List.of(), false).writeJson(out);
    JsonNode json = new ObjectMapper().readTree(out.toByteArray());
    assertThat(json.at("/sizes/transferBytes").asLong()).isEqualTo(1_234_567);
    assertThat(json.at("/sizes/unpackedBytes").asLong()).isEqualTo(2000);
    assertThat(json.at("/layers/0/adds/1").asText()).isEqualTo("/bin/" + EVIL);
    assertThat(json.at("/layers/0/whiteouts/0").asText()).isEqualTo("/gone");
    assertThat(json.at("/config/resolvedUser/uid").asInt()).isEqualTo(65532);
    assertThat(json.at("/programs/entrypoint/elf/go/version").asText()).isEqualTo("go1.24.4");
    assertThat(json.at("/programs/entrypoint/elf/symbolTable").asBoolean()).isTrue();
    assertThat(json.at("/shells/0/program").asText()).isEqualTo("busybox");
    assertThat(json.at("/setuid")).hasSize(2);
    assertThat(json.at("/files")).hasSize(2);
    assertThat(json.at("/files/0/mode").asText()).isEqualTo("4755");
  }
}
