package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.bases.DebianRelease.Offer;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesTest {

  private static final Instant NOW = Instant.now();

  @TempDir Path temp;

  private final FakeTrivy trivy = new FakeTrivy();
  private boolean pull = true;
  private boolean mirrorOfDebian = true;
  private boolean security = true;
  private Optional<String> mirror = Optional.empty();

  private final class FakeArchive implements DebianAdvisories.Archive {
    @Override
    public boolean security() {
      return security;
    }

    @Override
    public List<Offer> offers() {
      if (!mirrorOfDebian) {
        throw new EnvironmentException("No Debian mirror is known.");
      }
      return List.of(
          new Offer("bash", "5.2-2", "bash", "5.2-2", 1), new Offer("login", "9:9", "x", "9", 1));
    }

    @Override
    public Map<String, String> changelogs(List<String> packages) {
      return Map.of("bash", "bash (5.2-2) x; y\n  CVE-2026-1234\n");
    }

    @Override
    public void close() {}
  }

  private ScanFolder folder() {
    return new ScanFolder(temp.resolve("scan"));
  }

  private Databases.Ready find(String bill) throws IOException {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    Databases databases =
        new Databases(
            folder(),
            clock,
            pull,
            mirror,
            new DebianAdvisories(folder().debian(), clock, codename -> new FakeArchive()),
            Progress.SILENT);
    return databases.find(
        trivy, BillOfMaterials.parse(bill.getBytes(StandardCharsets.UTF_8)), temp.resolve("work"));
  }

  private static List<Note.Kind> kinds(Databases.Ready ready) {
    return ready.notes().stream().map(Note::kind).toList();
  }

  @Test
  @DisplayName("prefers the scanner's own, fetched once a day")
  void own() throws IOException {
    trivy.source = Optional.of(NOW.minus(Duration.ofHours(5)));
    mirror = Optional.of("mirror.example/");
    Databases.Ready ready = find(BillOfMaterialsTest.DEBIAN);
    assertThat(ready.database().origin()).isEqualTo(Database.Origin.SCANNER);
    assertThat(ready.notes()).isEmpty();
    assertThat(ready.files()).isEqualTo(folder().ownDatabase());
    assertThat(trivy.repository).contains("mirror.example/aquasec/trivy-db");
    find(BillOfMaterialsTest.DEBIAN);
    assertThat(trivy.fetches).isEqualTo(1);
  }

  @Test
  @DisplayName("falls back on a file that was carried here, and says how old it is")
  void carried() throws IOException {
    Instant old = NOW.minus(Duration.ofDays(30));
    TrivyDatabase.write(folder().carriedDatabase(), old, List.of(), List.of());
    Databases.Ready ready = find(BillOfMaterialsTest.DEBIAN);
    assertThat(ready.database().origin()).isEqualTo(Database.Origin.FILE);
    assertThat(kinds(ready)).containsExactly(Note.Kind.DATABASE_STALE);
    assertThat(ready.notes().get(0).text()).contains("30 days old");
  }

  @Test
  @DisplayName("asks a source that did not answer only once an hour, and not when told never")
  void unreachable() throws IOException {
    find(BillOfMaterialsTest.DEBIAN);
    find(BillOfMaterialsTest.DEBIAN);
    assertThat(trivy.fetches).isEqualTo(1);
    pull = false;
    assertThat(find(BillOfMaterialsTest.NOTHING).notes().get(0).text())
        .contains("pulling is switched off");
  }

  @Test
  @DisplayName("makes one of Debian's archive, and says what that does not know")
  void debian() throws IOException {
    Databases.Ready ready = find(BillOfMaterialsTest.DEBIAN);
    assertThat(ready.database().origin()).isEqualTo(Database.Origin.DEBIAN);
    assertThat(ready.database().about()).startsWith("Debian's security suite of 20");
    assertThat(kinds(ready))
        .containsExactly(Note.Kind.UPDATES_NOT_READ, Note.Kind.DATABASE_LIMITED);
    assertThat(ready.notes().get(0).text()).startsWith("Updates of 1 ").endsWith(": x.");
    assertThat(ready.notes().get(1).text())
        .contains("fixable CVEs only", "no severity", "its source does not answer");
    assertThat(TrivyDatabase.date(ready.files())).isPresent();
    assertThat(ready.files().resolve("trivy.db"))
        .content(StandardCharsets.ISO_8859_1)
        .contains("CVE-2026-1234", "{\"FixedVersion\":\"5.2-2\"}", "debian 13");
    security = false;
    assertThat(find(BillOfMaterialsTest.DEBIAN.replace("13.8", "12.1")).database().about())
        .startsWith("Debian's archive without its security suite");
  }

  @Test
  @DisplayName("says that nothing is known of a distribution that is not Debian's")
  void other() throws IOException {
    Databases.Ready ready = find(BillOfMaterialsTest.DEBIAN.replace("\"debian\"", "\"alpine\""));
    assertThat(ready.database().origin()).isEqualTo(Database.Origin.NONE);
    assertThat(kinds(ready)).containsExactly(Note.Kind.DISTRIBUTION_UNKNOWN);
    assertThat(ready.notes().get(0).text()).contains("knows nothing of alpine 13.8");
    assertThat(ready.notes().get(0).kind().blind()).isTrue();
  }

  @Test
  @DisplayName("says that there is no database where no mirror of Debian's is known")
  void none() throws IOException {
    mirrorOfDebian = false;
    Databases.Ready ready = find(BillOfMaterialsTest.DEBIAN);
    assertThat(ready.database().origin()).isEqualTo(Database.Origin.NONE);
    assertThat(kinds(ready)).containsExactly(Note.Kind.NO_DATABASE);
    assertThat(ready.notes().get(0).text())
        .contains("No database knows this image's debian 13.8 packages")
        .contains("neither can Debian's (No Debian mirror is known)");
    assertThat(ready.notes().get(0).kind().blind()).isTrue();
  }

  @Test
  @DisplayName("knows its few advisories for an image without a distribution")
  void scratch() throws IOException {
    Databases.Ready ready = find(BillOfMaterialsTest.NOTHING);
    assertThat(kinds(ready)).containsExactly(Note.Kind.DATABASE_LIMITED);
    assertThat(ready.files().resolve("trivy.db"))
        .content(StandardCharsets.ISO_8859_1)
        .contains("CVE-2025-47907", "go::Three Image Diet", "maven::Three Image Diet");
  }
}
