package org.imagediet.variants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.image.ContainerImage;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantsTest {

  private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

  @TempDir private Path root;

  private List<String> programs(Track track) {
    return Variants.programs(new Workbook(root), track).stream().map(Program::label).toList();
  }

  @Test
  @DisplayName("what is made for distroless is tried, and Go with its C library too")
  void programs() throws IOException {
    java.nio.file.Files.createDirectories(root.resolve("solutions"));
    java.nio.file.Files.createFile(root.resolve("solutions/pom.xml"));
    assertThat(programs(Track.GO)).containsExactly("go", "go cgo");
    assertThat(programs(Track.JAVA)).containsExactly("java", "java jlink");
    assertThat(programs(Track.PYTHON)).containsExactly("python");
    assertThat(programs(Track.RUST)).containsExactly("rust");
  }

  @Test
  @DisplayName("in a handout it is the image of lab 02 alone")
  void handout() {
    assertThat(programs(Track.GO)).containsExactly("go");
    assertThat(programs(Track.JAVA)).containsExactly("java");
    assertThat(Variants.programs(new Workbook(root), Track.GO).get(0).recipe())
        .isEqualTo(Path.of("lab-02-distroless", "go", "Dockerfile"));
  }

  @Test
  @DisplayName("it runs as nobody special, read-only, without capabilities, with a /tmp")
  void confined() {
    ContainerSpec spec = Variants.confined(ContainerSpec.image("static").user("0")).build();
    assertThat(spec.user()).contains("65532:65532");
    assertThat(spec.readOnly()).isTrue();
    assertThat(spec.droppedCapabilities()).containsExactly("ALL");
    assertThat(spec.noNewPrivileges()).isTrue();
    assertThat(spec.tmpfs()).containsOnlyKeys("/tmp");
  }

  private static List<String> asked(ContainerImage image) {
    return Variants.asksFor(image, 1);
  }

  @Test
  @DisplayName("a static program asks its base for nothing")
  void nothing() {
    assertThat(
            asked(
                Files.image(
                    "/app",
                    Files.inLayer(0).program("/base", LOADER, "libbase.so"),
                    Files.inLayer(1).program("/app", ""))))
        .isEmpty();
  }

  @Test
  @DisplayName("own files ask for a loader and libraries, but not for each other")
  void libraries() {
    assertThat(
            asked(
                Files.image(
                    "/opt/java/bin/java",
                    Files.inLayer(0).library(LOADER),
                    Files.inLayer(1)
                        .program("/opt/java/bin/java", LOADER, "libjli.so", "libc.so.6")
                        .library("/opt/java/lib/libjli.so", "libz.so.1", "ld-linux-x86-64.so.2"))))
        .containsExactly(LOADER, "libc.so.6", "libz.so.1");
  }

  @Test
  @DisplayName("what another's program runs asks for that program")
  void interpreted() {
    assertThat(
            asked(
                Files.image(
                    "/usr/bin/python3",
                    Files.inLayer(0).program("/usr/bin/python3", LOADER, "libc.so.6"),
                    Files.inLayer(1).plain("/app/main.py"))))
        .containsExactly("/usr/bin/python3");
  }
}
