package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.imagediet.bases.DebianRelease.Offer;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Progress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScannerLuggageTest {

  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir Path temp;

  private ScanFolder folder(String name) {
    return new ScanFolder(temp.resolve(name));
  }

  private static ScannerLuggage luggage(ScanFolder folder) {
    Engine none =
        (Engine)
            Proxy.newProxyInstance(
                Engine.class.getClassLoader(),
                new Class<?>[] {Engine.class},
                (proxy, method, arguments) -> {
                  throw new AssertionError("the engine was asked: " + method);
                });
    return new ScannerLuggage(folder, none, Progress.SILENT);
  }

  private void unpack(ScanFolder folder, Map<String, byte[]> files) throws IOException {
    luggage(folder).unpack(new ByteArrayInputStream(SavedImages.tar(files)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What Debian's archive offered at a time, as a scan keeps it. */
  private Map<String, byte[]> offers(Instant time) throws IOException {
    Path folder = temp.resolve("offers-" + time.getEpochSecond());
    DebianAdvisories.Archive archive =
        new DebianAdvisories.Archive() {
          @Override
          public boolean security() {
            return true;
          }

          @Override
          public List<Offer> offers() {
            return List.of(new Offer("bash", "2", "bash", "2", 1));
          }

          @Override
          public Map<String, String> changelogs(List<String> packages) {
            return Map.of("bash", "bash (2) x; y\n  CVE-2026-1111\n");
          }

          @Override
          public void close() {}
        };
    new DebianAdvisories(folder, Clock.fixed(time, ZoneOffset.UTC), codename -> archive)
        .lookUp(
            "trixie",
            List.of(new DebianAdvisories.Installed("bash", "1")),
            Progress.SILENT.begin(""));
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put("debian/" + folder.relativize(file), Files.readAllBytes(file));
      }
    }
    return files;
  }

  @Test
  @DisplayName("brings the scanner's own database to where a scan looks for it")
  void database() throws IOException {
    Path made = temp.resolve("made");
    TrivyDatabase.write(made, MAY, List.of(), List.of());
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : List.of("trivy.db", "metadata.json")) {
      files.put("db/" + name, Files.readAllBytes(made.resolve(name)));
    }
    unpack(folder("here"), files);
    assertThat(TrivyDatabase.date(folder("here").carriedDatabase())).contains(MAY);
  }

  @Test
  @DisplayName("brings what is known of Debian's packages, and never replaces newer by older")
  void debian() throws IOException {
    Map<String, byte[]> may = offers(MAY);
    Map<String, byte[]> june = offers(JUNE);
    assertThat(may.keySet())
        .containsExactlyInAnyOrder("debian/trixie.tsv.gz", "debian/trixie/bash_2.json");
    Path here = folder("here").debian().resolve("trixie.tsv.gz");
    unpack(folder("here"), may);
    assertThat(DebianAdvisories.date(here)).contains(MAY);
    assertThat(folder("here").debian().resolve("trixie/bash_2.json"))
        .content()
        .contains("CVE-2026-1111");
    unpack(folder("here"), june);
    assertThat(DebianAdvisories.date(here)).contains(JUNE);
    unpack(folder("here"), may);
    assertThat(DebianAdvisories.date(here)).contains(JUNE);
  }

  @ParameterizedTest
  @DisplayName("takes nothing that it would not have packed, wherever that wants to go")
  @ValueSource(
      strings = {"../x", "db/../../x", "/etc/x", "debian/trixie/../../x.json", "other", "db/x"})
  void unknown(String name) {
    assertThatThrownBy(() -> unpack(folder("here"), Map.of(name, bytes("x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was not made by `./lab bases save`");
    assertThat(temp.resolve("here")).doesNotExist();
  }

  @Test
  @DisplayName("runs no scanner but the one that the toolkit was made with")
  void otherProgram() {
    String name = new ScannerPackage(temp).file().getFileName().toString();
    assertThatThrownBy(() -> unpack(folder("here"), Map.of(name, bytes("#!/bin/sh\nevil"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not the one that we know");
    assertThat(temp.resolve("here")).doesNotExist();
  }
}
