package org.imagediet.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.ElfBytes;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Finding;
import org.imagediet.image.InstalledPackage;
import org.imagediet.image.PackageDatabases;
import org.imagediet.image.TrustStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ImageContentTest {

  private static final byte[] BUSYBOX =
      ElfBytes.program().texts("BusyBox v1.37.0", "multi-call binary").bytes();
  private static final byte[] APP = ElfBytes.program().texts("hello", "not a shell").bytes();

  private static ContainerImage image(LayerBytes... layers) {
    byte[][] bytes = new byte[layers.length][];
    for (int i = 0; i < layers.length; i++) {
      bytes[i] = layers[i].bytes();
    }
    return TestArchive.legacy(bytes).read();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("finds a shell under any name and mode, and lists its links as other names of one")
  void shells() {
    ContainerImage image =
        image(
            new LayerBytes().file("app", 0755, APP),
            new LayerBytes()
                .folder("opt/data")
                .file("opt/data/tool.dat", 0644, BUSYBOX)
                .symlink("bin", "opt/data")
                .symlink("opt/data/sh", "/bin/tool.dat")
                .hardLink("opt/data/ls", "opt/data/tool.dat")
                .symlink("opt/data/cat", "ls")
                .symlink("opt/data/loop", "loop"));
    assertThat(image.shells()).hasSize(1);
    Finding shell = image.shells().get(0);
    assertThat(shell.path()).isEqualTo("/opt/data/tool.dat");
    assertThat(shell.program().name()).isEqualTo("busybox");
    assertThat(shell.aliases()).containsExactly("/opt/data/cat", "/opt/data/ls", "/opt/data/sh");
    assertThat(shell.layer()).isEqualTo(1);
    assertThat(shell.instruction()).isEqualTo("COPY step 1");
    assertThat(image.hiddenPrograms()).isEmpty();
  }

  @Test
  @DisplayName("takes neither a script nor an executable bit nor a name for a shell")
  void noShells() {
    ContainerImage image =
        image(
            new LayerBytes()
                .file("bin/sh", 0755, bytes("#!/bin/busybox sh\necho BusyBox v1 multi-call binary"))
                .file("etc/ssl/certs/ca-certificates.crt", 0555, bytes("no certificate"))
                .file("bin/bash", 0755, bytes("just a text"))
                .file("bin/app", 0755, APP));
    assertThat(image.shells()).isEmpty();
    assertThat(image.interpreters()).isEmpty();
    assertThat(image.hiddenPrograms()).isEmpty();
  }

  @Test
  @DisplayName("still finds a shell of which only a second name is left")
  void secondName() {
    ContainerImage image =
        image(
            new LayerBytes().file("a", 0755, BUSYBOX).hardLink("b", "a").hardLink("c", "b"),
            new LayerBytes().file(".wh.a", ""));
    assertThat(image.shells()).extracting(Finding::path).containsExactly("/b");
    assertThat(image.shells().get(0).aliases()).containsExactly("/c");
    assertThat(image.hiddenPrograms()).isEmpty();
    assertThat(image.files().regularFiles()).isEqualTo(1);
    assertThat(image.sizes().rootfsBytes()).isEqualTo(BUSYBOX.length);
  }

  @Test
  @DisplayName("tells of a shell that a later layer deletes: it is shipped all the same")
  void hidden() {
    ContainerImage image =
        image(
            new LayerBytes().file("bin/busybox", 0755, BUSYBOX),
            new LayerBytes().file("bin/.wh.busybox", ""));
    assertThat(image.shells()).isEmpty();
    assertThat(image.hiddenPrograms()).hasSize(1);
    assertThat(image.hiddenPrograms().get(0).visible()).isFalse();
    assertThat(image.hiddenPrograms().get(0).path()).isEqualTo("/bin/busybox");
    assertThat(image.waste().bytes()).isEqualTo(BUSYBOX.length);
  }

  @Test
  @DisplayName("finds an interpreter that is a library, and a shell that poses as one")
  void libraries() {
    ContainerImage image =
        image(
            new LayerBytes()
                .file(
                    "usr/lib/libpython3.so",
                    0644,
                    ElfBytes.program()
                        .sharedObject()
                        .needs("libc.so.6")
                        .texts("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP")
                        .bytes())
                .file(
                    "lib/x.so",
                    0755,
                    ElfBytes.program()
                        .sharedObject()
                        .texts("BusyBox v1", "multi-call binary")
                        .bytes()));
    assertThat(image.interpreters())
        .extracting(Finding::path)
        .containsExactly("/usr/lib/libpython3.so");
    assertThat(image.shells()).extracting(Finding::path).containsExactly("/lib/x.so");
  }

  @Test
  @DisplayName("knows a package manager by its name where a script or a program bears it")
  void packageManagers() {
    ContainerImage image =
        image(
            new LayerBytes()
                .file("usr/local/bin/pip", 0755, bytes("#!/usr/bin/python3\nimport pip\n"))
                .file("usr/share/doc/bin/apk", 0755, bytes("a text about apk"))
                .file("usr/bin/go", 0755, bytes("no program")));
    assertThat(image.packageManagers())
        .extracting(Finding::path)
        .containsExactly("/usr/local/bin/pip");
    assertThat(image.compilers()).isEmpty();
  }

  @Test
  @DisplayName("keeps the facts of programs of any length, wherever in the file they stand")
  void longPrograms() {
    for (int before : new int[] {0, 9 << 20, (20 << 20) - 40}) {
      byte[] program =
          ElfBytes.program()
              .interpreter("/lib64/ld.so")
              .needs("libc.so.6")
              .section(".symtab")
              .padding(before, 14 << 20)
              .go("go1.24.4", "path\tapp\n" + "dep\tx\tv1\n".repeat(9000))
              .bytes();
      ContainerImage image = image(new LayerBytes().file("app", 0755, program));
      ElfFile elf = image.elf("/app").orElseThrow();
      assertThat(elf.kind()).isEqualTo(ElfFile.Kind.DYNAMIC);
      assertThat(elf.needed()).containsExactly("libc.so.6");
      assertThat(elf.symbolTable()).isTrue();
      assertThat(elf.go()).as("%d in front", before).isPresent();
      assertThat(elf.go().get().path()).isEqualTo("app");
    }
    byte[] shell =
        ElfBytes.program().padding(60 << 20, 0).texts("BusyBox v1", "multi-call binary").bytes();
    assertThat(image(new LayerBytes().file("app", 0755, shell)).shells()).hasSize(1);
  }

  @Test
  @DisplayName("finds the program that is started as an engine does, through PATH and links")
  void entrypoint() {
    ObjectNode settings = new ObjectMapper().createObjectNode();
    settings.putArray("Entrypoint").add("serve");
    settings.putArray("Env").add("PATH=/none:/opt:/usr/bin");
    byte[] layer =
        new LayerBytes()
            .file("opt/serve", 0644, bytes("not executable, so it does not count"))
            .file("usr/lib/serve-1", 0755, APP)
            .symlink("usr/bin/serve", "../lib/serve-1")
            .bytes();
    ContainerImage image =
        new TestArchive(TestArchive.Layout.LEGACY).image("a:1", "amd64", settings, layer).read();
    assertThat(image.entrypointProgram().map(FileEntry::path)).contains("/usr/lib/serve-1");
    assertThat(image.elf("/usr/bin/serve").map(ElfFile::kind)).contains(ElfFile.Kind.STATIC);
  }

  @Test
  @DisplayName("resolves users through a passwd file behind links")
  void linkedPasswd() {
    ContainerImage image =
        image(
            new LayerBytes()
                .file("conf/users", "root:x:0:0::/:\nnonroot:x:0:0::/:\n")
                .symlink("etc", "conf")
                .symlink("conf/passwd", "users"));
    assertThat(image.users().resolve("nonroot").root()).isTrue();
  }

  @Test
  @DisplayName("reads the package records of Debian, of distroless and of Alpine")
  void packages() {
    ContainerImage image =
        image(
            new LayerBytes()
                .file(
                    "var/lib/dpkg/status",
                    "Package: bash\nStatus: install ok installed\nVersion: 5.2\n"
                        + "Installed-Size: 7164\n\n"
                        + "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n")
                .file("var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2026a\n")
                .file("var/lib/dpkg/status.d/tzdata.md5sums", "Package: no\nVersion: 1\n")
                .file(
                    "lib/apk/db/installed",
                    "C:Q1\nP:musl\nV:1.2.5-r1\n\nP:busybox\nV:1.37\nI:952904\n"));
    assertThat(image.packages())
        .extracting(InstalledPackage::database, InstalledPackage::name, InstalledPackage::version)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("dpkg", "bash", "5.2"),
            org.assertj.core.groups.Tuple.tuple("dpkg (distroless)", "tzdata", "2026a"),
            org.assertj.core.groups.Tuple.tuple("apk", "musl", "1.2.5-r1"),
            org.assertj.core.groups.Tuple.tuple("apk", "busybox", "1.37"));
    assertThat(image.packages())
        .filteredOn(found -> found.installedBytes().isPresent())
        .extracting(InstalledPackage::name, found -> found.installedBytes().getAsLong())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("bash", 7_335_936L),
            org.assertj.core.groups.Tuple.tuple("busybox", 952_904L));
  }

  @Test
  @DisplayName("reads the packages that one layer records, also when a later one hides them")
  void packagesOfALayer() {
    ContainerImage image =
        image(
            new LayerBytes().file("var/lib/dpkg/status", "Package: a\nVersion: 1\n"),
            new LayerBytes()
                .file(
                    "var/lib/dpkg/status",
                    "Package: a\nVersion: 1\n\nPackage: b\nInstalled-Size: 99999999999999999\n"),
            new LayerBytes().file("var/lib/dpkg/.wh.status", ""));
    assertThat(image.packages()).isEmpty();
    assertThat(image.layers())
        .extracting(
            layer -> PackageDatabases.in(layer).stream().map(InstalledPackage::name).toList())
        .containsExactly(List.of("a"), List.of("a", "b"), List.of());
    assertThat(PackageDatabases.in(image.layers().get(1)).get(1).installedBytes()).isEmpty();
  }

  @Test
  @DisplayName("finds trust stores by content, counts their roots and the expired ones")
  void trustStores() throws Exception {
    List<X509Certificate> roots = new ArrayList<>();
    StringBuilder pem = new StringBuilder("# a comment\n");
    for (int i = 0; i < 12; i++) {
      X509Certificate root = TestCertificates.root("Root " + i, i < 2);
      roots.add(root);
      pem.append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder().encodeToString(root.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    ContainerImage image =
        image(
            new LayerBytes()
                .file("opt/app/roots.txt", 0555, bytes(pem.toString()))
                .file("opt/java/lib/security/trust", 0644, keyStore("JKS", roots))
                .file("opt/other/trust.p12", 0644, keyStore("PKCS12", roots))
                .file("etc/ssl/cert.pem", 0644, bytes("-----BEGIN CERTIFICATE-----\nbroken"))
                .file("opt/one.pem", 0644, bytes(pem.substring(0, pem.length() / 12))));
    Map<String, TrustStore> stores = new java.util.HashMap<>();
    image.trustStores().forEach(store -> stores.put(store.path(), store));
    assertThat(stores)
        .containsOnlyKeys(
            "/opt/app/roots.txt",
            "/opt/java/lib/security/trust",
            "/opt/other/trust.p12",
            "/etc/ssl/cert.pem");
    assertThat(stores.get("/etc/ssl/cert.pem").roots()).isZero();
    for (String path : List.of("/opt/app/roots.txt", "/opt/java/lib/security/trust")) {
      assertThat(stores.get(path).roots()).as(path).isEqualTo(12);
      assertThat(stores.get(path).expired()).as(path).isEqualTo(2);
      assertThat(stores.get(path).fingerprints()).hasSize(12).allMatch(f -> f.length() == 64);
    }
    assertThat(stores.get("/opt/app/roots.txt").content()).isEqualTo(bytes(pem.toString()));
  }

  private static byte[] keyStore(String type, List<X509Certificate> roots) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    for (X509Certificate root : roots) {
      store.setCertificateEntry(root.getSubjectX500Principal().getName(), root);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, "changeit".toCharArray());
    return bytes.toByteArray();
  }
}
