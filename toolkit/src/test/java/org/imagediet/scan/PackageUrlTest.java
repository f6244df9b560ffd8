package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageUrlTest {

  @Test
  @DisplayName("takes a package URL apart")
  void parts() {
    assertThat(
            PackageUrl.parse("pkg:deb/debian/login@4.16.0-2%2Breally2?arch=amd64&epoch=1#usr/bin"))
        .contains(
            new PackageUrl(
                "deb",
                "debian",
                "login",
                "4.16.0-2+really2",
                Map.of("arch", "amd64", "epoch", "1")));
    assertThat(PackageUrl.parse("pkg:golang/stdlib@1.24.4").orElseThrow().name())
        .isEqualTo("stdlib");
    assertThat(PackageUrl.parse("pkg:deb/debian/bash@5.2+b10").orElseThrow().version())
        .as("a plus is a plus")
        .isEqualTo("5.2+b10");
    PackageUrl npm = PackageUrl.parse("pkg:npm/@scope/name@1.0").orElseThrow();
    assertThat(npm.namespace() + " " + npm.name() + " " + npm.version())
        .isEqualTo("@scope name 1.0");
    assertThat(PackageUrl.parse("pkg:golang/golang.org/x/net").orElseThrow().version()).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("takes nothing else for one")
  @ValueSource(strings = {"", "pkg:", "pkg:deb", "pkg:deb/", "nginx:1.2", "https://a.example/b"})
  void others(String text) {
    assertThat(PackageUrl.parse(text)).isEmpty();
  }

  @Test
  @DisplayName("bears a broken escape")
  void brokenEscape() {
    assertThat(PackageUrl.parse("pkg:deb/debian/a%zz@1").orElseThrow().name()).isEqualTo("a%zz");
  }
}
