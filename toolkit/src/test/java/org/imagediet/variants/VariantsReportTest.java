package org.imagediet.variants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.imagediet.bases.Variant;
import org.imagediet.diet.DietResult;
import org.imagediet.diet.Reference;
import org.imagediet.observation.Observation;
import org.imagediet.workbook.Track;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VariantsReportTest {

  private static final Variant STATIC = new Variant("static", "distroless/static");
  private static final Variant CC = new Variant("cc", "distroless/cc");
  private static final Variant JAVA_BASE = new Variant("java-base", "distroless/java-base");
  private static final Lack LIBRARY =
      new Lack(Lack.Kind.LIBRARY, "libgcc_s.so.1", "/app asks for libgcc_s.so.1");

  private static Trial works(Variant variant, long megabytes) {
    return new Trial(
        variant,
        megabytes * 1_000_000,
        (megabytes + 1) * 1_000_000,
        Observation.works("answers"),
        Optional.empty());
  }

  private static Trial fails(Variant variant, long megabytes, String said, Optional<Lack> lack) {
    return new Trial(
        variant, megabytes * 1_000_000, (megabytes + 1) * 1_000_000, Observation.fails(said), lack);
  }

  private static Program program(Track track, String variant, Optional<Variant> own, Trial... on) {
    return new Program(
        new Reference(track, variant, Path.of("Dockerfile"), false),
        List.of("libgcc_s.so.1", "libc.so.6"),
        own,
        List.of(on));
  }

  private static VariantsResult result(List<String> failed, Program... programs) {
    return new VariantsResult(
        new DietResult(false, List.of("cc"), "fake", List.of(), List.of(), failed),
        List.of(programs));
  }

  private static Optional<String> smallest(Variant own, Trial... trials) {
    return program(Track.JAVA, "distroless", Optional.of(own), trials)
        .smallest()
        .map(trial -> trial.variant().flavour());
  }

  @Test
  @DisplayName("the smallest that works is marked, and of equals the one it is made for")
  void smallest() {
    Trial not = fails(STATIC, 2, "", Optional.empty());
    assertThat(smallest(CC, not, works(CC, 26), works(JAVA_BASE, 28))).contains("cc");
    assertThat(smallest(JAVA_BASE, not, works(CC, 26), works(JAVA_BASE, 28))).contains("java-base");
    // A tenth is the most that purpose makes up for.
    assertThat(smallest(JAVA_BASE, not, works(CC, 25), works(JAVA_BASE, 28))).contains("cc");
    assertThat(smallest(JAVA_BASE, works(STATIC, 2), works(JAVA_BASE, 28))).contains("static");
    assertThat(smallest(JAVA_BASE, works(CC, 26), fails(JAVA_BASE, 28, "", Optional.empty())))
        .contains("cc");
    assertThat(smallest(STATIC, not)).isEmpty();
  }

  @Test
  @DisplayName("the matrix has a size where it works, and what is missing where it does not")
  void matrix() {
    VariantsReport report =
        new VariantsReport(
            result(
                List.of(),
                program(Track.GO, "distroless", Optional.empty(), works(STATIC, 2), works(CC, 26)),
                program(
                    Track.JAVA,
                    "distroless-jlink",
                    Optional.empty(),
                    fails(STATIC, 2, "", Optional.of(LIBRARY)),
                    works(CC, 26)),
                program(
                    Track.RUST,
                    "distroless",
                    Optional.empty(),
                    fails(
                        STATIC,
                        2,
                        "it does not answer: it wrote:\nno\u001b[2J luck today nor tomorrow",
                        Optional.empty()),
                    works(CC, 26))));
    List<String> lines = report.console().lines().toList();
    assertThat(lines.get(1)).matches("on +go +java jlink +rust");
    assertThat(lines.get(3))
        .matches(
            "static +3.00 MB \\* +libgcc_s.so.1 +\\.\\.\\. no\\?\\[2J luck today nor tomorrow");
    assertThat(lines.get(4)).matches("cc +27.0 MB +27.0 MB \\* +27.0 MB \\*");
    assertThat(lines).contains("go          libgcc_s.so.1 libc.so.6");
    assertThat(lines).contains("\"...\": it does not work for another reason; variants.md has it.");
    assertThat(report.console()).contains("Measured on stand-ins ", ": cc.\n");
  }

  @Test
  @DisplayName("the page says of each trial what was seen, and the file for programs too")
  void evidence() {
    VariantsReport report =
        new VariantsReport(
            result(
                List.of(),
                program(
                    Track.RUST,
                    "distroless",
                    Optional.of(CC),
                    fails(STATIC, 2, "it wrote: `\u001b[2J", Optional.of(LIBRARY)),
                    works(CC, 26))));
    assertThat(report.markdown())
        .contains(
            "- static: does not work, `/app asks for libgcc_s.so.1` (`it wrote: '?[2J`)\n",
            "- cc: works (`answers`)\n");
    JsonNode program = report.json().path("programs").path(0);
    assertThat(program.path("smallest").asText()).isEqualTo("cc");
    assertThat(program.path("asksFor")).hasSize(2);
    JsonNode first = program.path("variants").path(0);
    assertThat(first.path("works").asBoolean()).isFalse();
    assertThat(first.path("lacks").path("kind").asText()).isEqualTo("library");
    assertThat(first.path("lacks").path("name").asText()).isEqualTo("libgcc_s.so.1");
    assertThat(first.path("unpackedBytes").asLong()).isEqualTo(3_000_000);
    assertThat(first.path("evidence").asText()).isEqualTo("it wrote: `?[2J");
    assertThat(program.path("variants").path(1).has("lacks")).isFalse();
    assertThat(report.json().path("standIns").path(0).asText()).isEqualTo("cc");
  }

  @Test
  @DisplayName("it is good when all was built and each works somewhere")
  void good() {
    Program somewhere =
        program(
            Track.GO,
            "distroless",
            Optional.empty(),
            fails(STATIC, 2, "", Optional.empty()),
            works(CC, 26));
    Program nowhere =
        program(Track.RUST, "distroless", Optional.empty(), fails(STATIC, 2, "", Optional.empty()));
    assertThat(result(List.of(), somewhere).good()).isTrue();
    assertThat(result(List.of("It fails."), somewhere).good()).isFalse();
    assertThat(result(List.of(), somewhere, nowhere).good()).isFalse();
    assertThat(new VariantsReport(result(List.of(), nowhere)).console())
        .contains("rust works on no variant.\n");
    assertThat(new VariantsReport(result(List.of("It fails."))).console())
        .isEqualTo(
            """

            Engine: fake.
            Measured on stand-ins made from Debian packages, not on the published images: cc.
            Not measured: It fails.
            """);
  }
}
