package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imagediet.bases.DebianRelease.Offer;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.scan.DebianAdvisories.Installed;
import org.imagediet.scan.DebianAdvisories.Known;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianAdvisoriesTest {

  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final String CHANGELOG =
      """
      openssl (3.0-2) bookworm-security; urgency=high

        * Fix CVE-2026-1.
        * Fix CVE-2026-1000.
      """;

  @TempDir Path folder;

  private final List<Offer> offers = new ArrayList<>();
  private final Map<String, String> changelogs = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();
  private boolean reachable = true;
  private boolean security = true;

  private final class FakeArchive implements DebianAdvisories.Archive {
    @Override
    public boolean security() {
      return security;
    }

    @Override
    public List<Offer> offers() {
      asked.add("offers");
      if (!reachable) {
        throw new EnvironmentException("The mirror does not answer.");
      }
      return offers;
    }

    @Override
    public Map<String, String> changelogs(List<String> packages) {
      asked.add("changelogs " + packages);
      if (!reachable) {
        throw new EnvironmentException("The mirror does not answer.");
      }
      Map<String, String> found = new LinkedHashMap<>(changelogs);
      found.keySet().retainAll(packages);
      return found;
    }

    @Override
    public void close() {
      asked.add("close");
    }
  }

  private Known lookUp(Instant time, String... packages) {
    DebianAdvisories advisories =
        new DebianAdvisories(
            folder, Clock.fixed(time, ZoneOffset.UTC), codename -> new FakeArchive());
    List<Installed> installed = new ArrayList<>();
    for (String each : packages) {
      installed.add(new Installed(each.split(" ")[0], each.split(" ")[1]));
    }
    return advisories.lookUp("bookworm", installed, Progress.SILENT.begin(""));
  }

  private void offer(String name, String version, String source, long bytes) {
    offers.add(new Offer(name, version, source, version, bytes));
  }

  @Test
  @DisplayName("learns from an update's changelog which CVEs it fixes, for its source package")
  void fixes() {
    offer("libssl3", "3.0-2", "openssl", 2000);
    offer("openssl", "3.0-2", "openssl", 1000);
    offer("bash", "5.2-1", "bash", 1000);
    changelogs.put("openssl", CHANGELOG);
    Known known = lookUp(NOON, "libssl3 3.0-1", "bash 5.2-1", "mine 1");
    assertThat(known.fixes()).isEqualTo(Map.of("openssl", Map.of("CVE-2026-1000", "3.0-2")));
    assertThat(known.unread()).isEmpty();
    assertThat(known.date()).isEqualTo(NOON);
    assertThat(known.security()).isTrue();
    assertThat(asked).containsExactly("offers", "changelogs [openssl]", "close");
  }

  @Test
  @DisplayName("asks the next package where the smallest has no changelog, and says what is left")
  void tries() {
    for (int i = 1; i <= 6; i++) {
      offer("part" + i, "2", "big", i);
    }
    offer("huge", "2", "huge", 1L << 40);
    changelogs.put("part6", "big (2) x; y\n  CVE-2026-2222\n");
    Known known = lookUp(NOON, "part6 1", "huge 1");
    assertThat(known.fixes()).isEqualTo(Map.of("big", Map.of("CVE-2026-2222", "2")));
    assertThat(known.unread()).containsExactly("huge");
    assertThat(asked)
        .containsExactly(
            "offers", "changelogs [part1]", "changelogs [part2]", "changelogs [part6]", "close");
  }

  @Test
  @DisplayName("remembers for a day what is offered, and a changelog for ever")
  void remembers() {
    offer("openssl", "3.0-2", "openssl", 1000);
    changelogs.put("openssl", CHANGELOG);
    Known first = lookUp(NOON, "openssl 3.0-1");
    asked.clear();
    assertThat(lookUp(NOON.plus(Duration.ofHours(23)), "openssl 3.0-1")).isEqualTo(first);
    assertThat(asked).isEmpty();
    Instant later = NOON.plus(Duration.ofHours(25));
    assertThat(lookUp(later, "openssl 3.0-1").date()).isEqualTo(later);
    assertThat(asked).containsExactly("offers", "close");
  }

  @Test
  @DisplayName(
      "falls back on what it knew before, with its date, and does not ask again for a while")
  void unreachable() {
    assertThat(DebianAdvisories.date(folder.resolve("bookworm.tsv.gz"))).isEmpty();
    offer("openssl", "3.0-2", "openssl", 1000);
    lookUp(NOON, "openssl 3.0-2");
    reachable = false;
    asked.clear();
    Instant later = Instant.now().plus(Duration.ofDays(400));
    Known known = lookUp(later, "openssl 3.0-1");
    assertThat(known.date()).isEqualTo(NOON);
    assertThat(known.unread()).containsExactly("openssl");
    assertThat(DebianAdvisories.date(folder.resolve("bookworm.tsv.gz"))).contains(NOON);
    // The failure was noted by the file system's clock.
    asked.clear();
    lookUp(Instant.now().plusSeconds(60), "openssl 3.0-2");
    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("says so when nothing is known and nobody answers")
  void nothingKnown() {
    reachable = false;
    assertThatThrownBy(() -> lookUp(NOON, "openssl 3.0-1"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("does not answer");
    assertThat(asked).endsWith("close");
  }

  @Test
  @DisplayName("makes anew what is damaged")
  void damaged() throws Exception {
    offer("openssl", "3.0-2", "openssl", 1000);
    changelogs.put("openssl", CHANGELOG);
    Known known = lookUp(NOON, "openssl 3.0-1");
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(file, "{ half");
      }
    }
    assertThat(lookUp(NOON, "openssl 3.0-1")).isEqualTo(known);
  }
}
