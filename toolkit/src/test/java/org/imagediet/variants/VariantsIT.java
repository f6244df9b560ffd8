package org.imagediet.variants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.imagediet.EngineUnderTest;
import org.imagediet.bases.Bases;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Progress;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The reference services on real variants: each finds what it needs on one of them. */
class VariantsIT {

  private static Map<String, Program> programs;

  @BeforeAll
  static void run() {
    try (Engine engine = EngineUnderTest.withBases()) {
      VariantsResult result =
          new Variants(Workbook.find(), engine, Bases.standard(engine), Progress.SILENT)
              .run(List.of(Track.GO, Track.JAVA, Track.RUST));
      assertThat(result.good()).isTrue();
      programs =
          result.programs().stream()
              .collect(Collectors.toMap(Program::label, it -> it, (a, b) -> a, LinkedHashMap::new));
    }
  }

  private static String smallest(String program) {
    return programs.get(program).smallest().orElseThrow().variant().flavour();
  }

  private static Trial on(String program, String flavour) {
    return programs.get(program).trials().stream()
        .filter(trial -> trial.variant().flavour().equals(flavour))
        .findFirst()
        .orElseThrow();
  }

  private static String lack(String program, String flavour) {
    Trial trial = on(program, flavour);
    assertThat(trial.seen().works()).isFalse();
    return trial
        .lack()
        .map(lack -> lack.kind().key() + " " + lack.shortName().replaceFirst("-x86.*", ""))
        .orElse(trial.seen().evidence());
  }

  @Test
  @DisplayName("each program has its variant")
  void smallest() {
    assertThat(smallest("go")).isEqualTo("static");
    assertThat(smallest("go cgo")).isEqualTo("base-nossl");
    assertThat(smallest("rust")).isEqualTo("cc");
    assertThat(smallest("java jlink")).isEqualTo("java-base");
    assertThat(smallest("java")).isEqualTo("java25");
  }

  @Test
  @DisplayName("what is missing on the others is found, by whomever it is missed")
  void lacks() {
    assertThat(lack("java", "java-base")).isEqualTo("program /usr/bin/java");
    assertThat(lack("go cgo", "static")).startsWith("interpreter ld-linux");
    assertThat(lack("rust", "base")).isEqualTo("library libgcc_s.so.1");
    // Loaded by the launcher itself, when it runs: no program asks for it.
    assertThat(lack("java jlink", "base")).isEqualTo("library libstdc++.so.6");
  }

  @Test
  @DisplayName("where one works it is nobody special, and can do nothing more")
  void confined() {
    assertThat(on("rust", "cc").seen().evidence())
        .isEqualTo("says that it is user id 65532, CapEff 0000000000000000, NoNewPrivs true");
  }

  @Test
  @DisplayName("what the programs ask for is why")
  void asked() {
    assertThat(programs.get("go").asksFor()).isEmpty();
    assertThat(programs.get("rust").asksFor()).contains("libgcc_s.so.1", "libc.so.6");
  }
}
