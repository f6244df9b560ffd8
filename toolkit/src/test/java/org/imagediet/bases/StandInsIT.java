package org.imagediet.bases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.imagediet.EngineUnderTest;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Progress;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Finding;
import org.imagediet.image.InstalledPackage;
import org.imagediet.image.TrustStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stand-in is, whatever the machine pulled instead: made here from packages, and read. */
class StandInsIT {

  @TempDir Path folder;

  private static ContainerImage made(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    try (Debian debian = new Debian(AptSources.ofThisMachine())) {
      DistrolessRecipe recipe =
          (DistrolessRecipe) Catalogue.standard().find(name).orElseThrow().recipe();
      Path archive =
          new DistrolessMaker(debian, folder).make(name, recipe, Map.of(Bases.STAND_IN, "true"));
      return ImageArchive.read(archive, ReadOptions.defaults());
    }
  }

  @Test
  @DisplayName("two are the same to the last bit")
  void reproducible() throws IOException {
    String name = "gcr.io/distroless/static-debian13:debug-nonroot";
    assertThat(made(folder.resolve("one"), name).id())
        .isEqualTo(made(folder.resolve("two"), name).id());
  }

  @Test
  @DisplayName("static has users, certificates, zones and folders, and nothing that runs")
  void staticImage() throws IOException {
    ContainerImage image = made(folder, "gcr.io/distroless/static-debian13:nonroot");
    assertThat(image.config().user()).isEqualTo("65532");
    assertThat(image.users().resolve("nonroot").uid()).contains(65532L);
    assertThat(image.users().resolve("nonroot").gid()).contains(65532L);
    assertThat(image.config().labels()).containsEntry("org.imagediet.stand-in", "true");
    assertThat(image.config().environment())
        .containsEntry("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")
        .containsKey("PATH");
    assertThat(image.trustStores()).hasSize(1);
    TrustStore store = image.trustStores().get(0);
    assertThat(store.path()).isEqualTo("/etc/ssl/certs/ca-certificates.crt");
    assertThat(store.roots()).isGreaterThan(100);
    assertThat(mode(image, store.path())).isEqualTo("-r-xr-xr-x");
    assertThat(mode(image, "/tmp")).isEqualTo("drwxrwxrwt");
    assertThat(mode(image, "/home/nonroot")).isEqualTo("drwx------");
    assertThat(image.files().get("/home/nonroot").map(FileEntry::uid)).contains(65532L);
    assertThat(image.files().get("/etc/os-release").map(FileEntry::path))
        .contains("/usr/lib/os-release");
    assertThat(image.files().get("/usr/share/zoneinfo/Asia/Kathmandu")).isPresent();
    assertThat(image.files().get("/var/lib/dpkg/status")).isEmpty();
    assertThat(image.packages())
        .extracting(InstalledPackage::name)
        .containsExactlyInAnyOrder(
            "base-files", "ca-certificates", "media-types", "netbase", "tzdata", "tzdata-legacy");
    assertThat(image.shells()).isEmpty();
    assertThat(image.setuid()).isEmpty();
    assertThat(image.files().entries())
        .noneMatch(e -> e.content().flatMap(c -> c.elf()).filter(f -> f.executable()).isPresent());
  }

  private static String mode(ContainerImage image, String path) {
    return image.files().get(path).orElseThrow().modeText();
  }

  @Test
  @DisplayName("debug adds a busybox under its many names, and no /bin/sh")
  void debug() throws IOException {
    ContainerImage image = made(folder, "gcr.io/distroless/static-debian13:debug");
    assertThat(image.config().user()).isEqualTo("0");
    assertThat(image.shells()).hasSize(1);
    Finding busybox = image.shells().get(0);
    assertThat(busybox.path()).isEqualTo("/busybox/busybox");
    assertThat(busybox.program().name()).isEqualTo("busybox");
    assertThat(busybox.evidence()).isEqualTo("its content");
    assertThat(busybox.aliases()).contains("/busybox/sh", "/busybox/wget");
    assertThat(image.files().get("/bin/sh")).isEmpty();
  }

  @Test
  @DisplayName("a flavour stands on the layers of the one below it")
  void flavours() throws IOException {
    ContainerImage base = made(folder, "gcr.io/distroless/base-debian13:latest");
    List<String> diffIds = base.layers().stream().map(layer -> layer.diffId()).toList();
    for (String below : List.of("static", "base-nossl")) {
      ContainerImage image =
          made(folder.resolve(below), "gcr.io/distroless/" + below + "-debian13:latest");
      List<String> prefix = image.layers().stream().map(layer -> layer.diffId()).toList();
      assertThat(diffIds).startsWith(prefix.toArray(String[]::new));
    }
    assertThat(
            base.files()
                .get("/lib64/ld-linux-x86-64.so.2")
                .or(() -> base.files().get("/lib/ld-linux-aarch64.so.1")))
        .isPresent();
  }

  @Test
  @DisplayName("a system has shells, a package manager and setuid files, known by content")
  void system() throws IOException {
    try (Engine engine = EngineUnderTest.withBases("ubuntu:24.04");
        InputStream archive = engine.save("ubuntu:24.04")) {
      ContainerImage image = ImageArchive.read(archive, ReadOptions.defaults());
      assertThat(image.id()).isEqualTo(engine.imageId("ubuntu:24.04").orElseThrow());
      assertThat(image.shells())
          .extracting(finding -> finding.program().name())
          .contains("bash", "dash");
      assertThat(image.packageManagers())
          .extracting(finding -> finding.program().name())
          .contains("dpkg", "apt");
      assertThat(image.setuid()).extracting(FileEntry::path).contains("/usr/bin/su");
      assertThat(image.packages()).hasSizeGreaterThan(60);
    }
  }

  @Test
  @DisplayName("a system with a package is the same each time, and holds the minimal one")
  void installed() throws IOException {
    ContainerImage one = installed(folder.resolve("one"));
    assertThat(installed(folder.resolve("two")).id()).isEqualTo(one.id());
    assertThat(one.layers()).hasSize(2);
    assertThat(one.layers().get(0).entries()).extracting(FileEntry::path).contains("/bin", "/etc");
    assertThat(one.layers().get(1).entries())
        .extracting(FileEntry::path)
        .contains("/usr/bin/busybox", "/var/lib/dpkg/status")
        .doesNotContain("/usr/bin/dpkg", "/etc/apt/sources.list", "/etc/passwd")
        .noneMatch(path -> path.startsWith("/var/log/") || path.startsWith("/var/lib/apt/lists/"));
    assertThat(one.packages())
        .extracting(InstalledPackage::name)
        .contains("busybox-static", "apt", "base-files");
  }

  private static ContainerImage installed(Path folder) throws IOException {
    Files.createDirectories(folder);
    String name = "alpine:latest";
    SystemRecipe recipe = (SystemRecipe) Catalogue.standard().find(name).orElseThrow().recipe();
    try (Debian debian = new Debian(AptSources.ofThisMachine());
        Progress.Task task = Progress.SILENT.begin("a system")) {
      Path archive = new SystemMaker(debian, folder).make(List.of(name), recipe, Map.of(), task);
      return ImageArchive.read(archive, ReadOptions.defaults());
    }
  }
}
