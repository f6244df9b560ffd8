package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.imagediet.engine.Progress;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Laboratory;
import org.imagediet.grading.Outcome;
import org.imagediet.grading.Submission;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.ImageConfig;
import org.imagediet.image.Layer;
import org.imagediet.image.PlainConfig;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no engine, since nothing is run. */
class HardeningTest {

  private static final List<Function<Bench, Verdict>> CHECKS =
      List.of(
          Hardening::nonrootUid,
          Hardening::readOnlyRootfs,
          Hardening::noCapabilities,
          Hardening::noNewPrivileges,
          bench -> Hardening.limits(bench, Map.of()),
          Hardening::healthcheck,
          Hardening::gracefulStop);

  @TempDir private Path folder;

  /** What every check that rests on the compose file says of it. */
  private void failEverywhere(String measured) {
    Submission submission = new Submission(folder, "lab-04-hardening", Track.GO, "a test");
    try (Laboratory laboratory = new Laboratory(Progress.SILENT);
        Bench bench = new Bench(laboratory, Workbook.find(), submission, () -> {})) {
      for (Function<Bench, Verdict> check : CHECKS) {
        Verdict verdict = check.apply(bench);
        assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(verdict.measured()).contains(measured);
        assertThat(verdict.next()).contains("README");
      }
    }
  }

  @Test
  @DisplayName("without a compose file every check on it fails and says so")
  void missing() {
    failEverywhere("There is no file lab-04-hardening/go/compose.yaml.");
  }

  @Test
  @DisplayName("a link in place of the compose file is none")
  void link() throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("x"), "services: {app: {}}");
    Files.createSymbolicLink(folder.resolve("compose.yaml"), elsewhere);
    failEverywhere("compose.yaml is a link or a folder, and must be a plain file.");
  }

  @Test
  @DisplayName("a compose file that reaches for the machine fails before anything is run")
  void refused() throws IOException {
    Files.writeString(folder.resolve("compose.yaml"), "services: {app: {privileged: true}}");
    failEverywhere("privileged is refused");
  }

  private static FileEntry file(String path, int mode, boolean capabilities, int layer) {
    return new FileEntry(
        path, FileType.FILE, mode, 0, 0, 10, "", capabilities, layer, Optional.empty());
  }

  private static ContainerImage image(FileEntry... entries) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int index = i;
      List<FileEntry> own = List.of(entries).stream().filter(e -> e.layer() == index).toList();
      layers.add(
          new Layer(i, "sha256:" + i, "", "", OptionalLong.empty(), 0, own, List.of(), List.of()));
    }
    ImageConfig config = PlainConfig.silent();
    return new ContainerImage("", "sha256:1", config, layers);
  }

  @Test
  @DisplayName("setuid, setgid and file capabilities fail, also below a later layer")
  void setuid() {
    assertThat(Hardening.noSetuid(image(file("/app", 0755, false, 0))).outcome())
        .isEqualTo(Outcome.PASS);
    assertThat(Hardening.noSetuid(image(file("/su", 04755, false, 0))).measured())
        .isEqualTo("-rwsr-xr-x /su, from layer 1");
    assertThat(Hardening.noSetuid(image(file("/wall", 02755, false, 1))).measured())
        .isEqualTo("-rwxr-sr-x /wall, from layer 2");
    assertThat(Hardening.noSetuid(image(file("/ping", 0755, true, 0))).measured())
        .isEqualTo("-rwxr-xr-x /ping with capabilities, from layer 1");
    Verdict hidden =
        Hardening.noSetuid(image(file("/su", 04755, false, 0), file("/su", 0755, false, 1)));
    assertThat(hidden.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(hidden.measured()).contains("/su, from layer 1", "still shipped");
  }
}
