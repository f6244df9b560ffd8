package org.imagediet.bases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  private final Catalogue catalogue = Catalogue.standard();

  @ParameterizedTest
  @DisplayName("knows every image that the labs may use")
  @ValueSource(
      strings = {
        "ubuntu:24.04",
        "debian:trixie-slim",
        "alpine",
        "golang:1.22-alpine",
        "golang:1.24-alpine",
        "maven:3.9-eclipse-temurin-25",
        "eclipse-temurin:25",
        "rust:alpine",
        "rust:slim-trixie",
        "python:3.13-slim",
      })
  void names(String name) {
    assertThat(catalogue.find(name)).isPresent();
  }

  @ParameterizedTest
  @DisplayName("knows every distroless flavour in four tags and under two names")
  @ValueSource(strings = {"static", "base", "base-nossl", "cc", "java-base", "java25", "python3"})
  void flavours(String flavour) {
    for (String repository : new String[] {flavour, flavour + "-debian13"}) {
      for (String tag : new String[] {"latest", "nonroot", "debug", "debug-nonroot"}) {
        assertThat(catalogue.find("gcr.io/distroless/" + repository + ":" + tag)).isPresent();
      }
      assertThat(catalogue.find("gcr.io/distroless/" + repository)).isPresent();
    }
  }

  @Test
  @DisplayName("names each distroless variant once, and its images are in it")
  void variants() {
    assertThat(catalogue.variants())
        .extracting(Variant::flavour)
        .containsExactly("static", "base-nossl", "base", "cc", "java-base", "java25", "python3");
    assertThat(catalogue.variants()).allMatch(it -> catalogue.find(it.image()).isPresent());
    assertThat(catalogue.variants().get(0).image())
        .isEqualTo("gcr.io/distroless/static-debian13:nonroot");
  }

  @Test
  @DisplayName("a variant is noticeably smaller by more than a tenth")
  void noticeable() {
    assertThat(Variant.noticeablySmaller(89, 100)).isTrue();
    assertThat(Variant.noticeablySmaller(90, 100)).isFalse();
  }

  @Test
  @DisplayName("what shares files is made in a row: distroless images, and the two Rust toolchains")
  void common() {
    assertThat(common("rust:alpine"))
        .isEqualTo(common("rust:slim-trixie"))
        .isNotEqualTo(common("golang:1.24-alpine"));
    assertThat(common("ubuntu:24.04")).isNotEqualTo(common("alpine:latest"));
    assertThat(common("gcr.io/distroless/static-debian13:debug-nonroot"))
        .isEqualTo(common("gcr.io/distroless/java25-debian13:nonroot"));
  }

  private Object common(String name) {
    return catalogue.find(name).orElseThrow().recipe().common();
  }

  @Test
  @DisplayName("does not know what it does not list")
  void unknown() {
    assertThat(catalogue.find("ubuntu:22.04")).isEmpty();
    assertThat(catalogue.find("three-image-diet/go:scratch")).isEmpty();
  }

  @Test
  @DisplayName("refuses a key that it does not know, a name twice and a flavour on nothing")
  void mistakes() {
    assertThatThrownBy(() -> read("distroless: {}\nsystem: []\nsytem: []\n"))
        .hasMessageContaining("sytem");
    String image = "  - {names: [a:1], about: x, contents: y}\n";
    assertThatThrownBy(() -> read("distroless: {}\nsystem:\n" + image + image))
        .hasMessageContaining("a:1 is in the catalogue twice");
    assertThatThrownBy(
            () -> read("distroless:\n  cc: {about: x, on: base, packages: []}\nsystem: []\n"))
        .hasMessageContaining("cc stands on base, which is not above it");
  }

  private static Catalogue read(String yaml) throws IOException {
    return Catalogue.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
  }
}
