package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.EngineUnderTest;
import org.imagediet.engine.Progress;
import org.imagediet.grading.Bench;
import org.imagediet.grading.FailedEarlier;
import org.imagediet.grading.Laboratory;
import org.imagediet.grading.Outcome;
import org.imagediet.grading.Submission;
import org.imagediet.grading.Verdict;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ThreeImagesIT {

  private static final String BUILD =
      """
      FROM golang:1.24-alpine AS build
      WORKDIR /src
      COPY . .
      RUN --mount=type=cache,target=/root/.cache/go-build \\
          CGO_ENABLED=0 go build -trimpath -o /app ./cmd/app
      """;

  private static final String NAIVE = BUILD + "CMD [\"/app\"]\n";

  private static final String DISTROLESS =
      BUILD
          + """
          FROM gcr.io/distroless/static-debian13:nonroot
          COPY --from=build /app /app
          ENTRYPOINT ["/app"]
          """;

  private static final String SCRATCH =
      BUILD
          + """
          FROM scratch
          COPY --from=build /app /app
          USER 65532:65532
          ENTRYPOINT ["/app"]
          """;

  /** True of the three images above, wherever they are built. */
  private static final String FINDINGS =
      """
      surface:
        packages: naive > distroless > scratch
        executables: naive > distroless > scratch
        shells: naive > distroless = scratch
        interpreters: naive > distroless = scratch
        setuid: naive > distroless = scratch
        libraries: naive > distroless = scratch
        ports: naive = distroless = scratch
        writable: naive > distroless > scratch
        capabilities: naive > distroless = scratch
        bounding: naive = distroless = scratch
        gone: [packages, shells, interpreters, setuid, libraries, writable, capabilities]
      drill:
        shell: {naive: yes, distroless: no, scratch: no}
        rootShell: {naive: yes, distroless: no, scratch: no}
        readFile: {naive: yes, distroless: yes, scratch: yes}
        readEnvironment: {naive: yes, distroless: yes, scratch: yes}
        readSystem: {naive: yes, distroless: yes, scratch: no}
        runDropped: {naive: yes, distroless: no, scratch: no}
        replaceProgram: {naive: yes, distroless: no, scratch: no}
      """;

  private static Laboratory laboratory;
  private static Laboratory gradings;

  private final Path home = Path.of("target", "three-images-it").toAbsolutePath();

  @BeforeAll
  static void open() {
    EngineUnderTest.withBases(
            Probe.BASE, "golang:1.24-alpine", "gcr.io/distroless/static-debian13:nonroot")
        .close();
    laboratory = new Laboratory(Progress.SILENT);
    // What is compiled here once is there for all gradings of the workbook's own.
    gradings = laboratory.beside();
  }

  @AfterAll
  static void close() {
    gradings.close();
    laboratory.close();
  }

  @BeforeEach
  void hand() throws IOException {
    put("lab-01-naive", "Dockerfile", NAIVE);
    put("lab-02-distroless", "Dockerfile", DISTROLESS);
    put("lab-03-scratch", "Dockerfile", SCRATCH);
    put("lab-04-hardening", "findings.yaml", FINDINGS);
  }

  private void put(String lab, String file, String content) throws IOException {
    Path folder = home.resolve(lab).resolve("go");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(file), content);
  }

  private Bench bench() {
    Path folder = home.resolve("lab-04-hardening").resolve("go");
    return new Bench(
        gradings,
        Workbook.find(),
        new Submission(folder, "lab-04-hardening", Track.GO, "a test"),
        () -> {});
  }

  @Test
  @DisplayName("compares findings with what the same person's three images are and do")
  void findings() throws IOException {
    try (Bench bench = bench()) {
      Verdict drill = Drills.predicted(bench);
      assertThat(drill.outcome()).as(drill.measured()).isEqualTo(Outcome.PASS);
      assertThat(drill.measured()).endsWith("2 of them still work on scratch");
      Verdict surface = Surfaces.ranked(bench);
      assertThat(surface.outcome()).as(surface.measured()).isEqualTo(Outcome.PASS);
      put(
          "lab-04-hardening",
          "findings.yaml",
          FINDINGS
              .replace("readSystem: {naive: yes", "readSystem: {naive: no")
              .replace("ports: naive = distroless = scratch", "ports: naive > distroless = scratch")
              .replace("[packages, shells", "[shells"));
      assertThat(Drills.predicted(bench).measured())
          .isEqualTo("readSystem: naive: you say no, and it was: read /etc/os-release");
      assertThat(Surfaces.ranked(bench).measured())
          .isEqualTo(
              "ports: you say naive > distroless = scratch, and measured were naive 1, distroless"
                  + " 1, scratch 1\ngone: 1 more disappeared between naive and scratch");
    }
  }

  @Test
  @DisplayName("asks for the findings, and for an image that does not build in its own lab's words")
  void absent() throws IOException {
    Files.delete(home.resolve("lab-04-hardening/go/findings.yaml"));
    try (Bench bench = bench()) {
      assertThat(Drills.predicted(bench).measured()).startsWith("There is no file ");
      assertThat(Surfaces.ranked(bench).measured()).endsWith("findings.yaml.");
    }
    hand();
    put("lab-02-distroless", "Dockerfile", "FROM scratch\nCOPY nothing /\n");
    try (Bench bench = bench()) {
      assertThatThrownBy(() -> Drills.predicted(bench))
          .isInstanceOfSatisfying(
              FailedEarlier.class,
              e -> {
                assertThat(e.check()).isEqualTo("drill");
                assertThat(e.verdict().measured())
                    .startsWith(
                        "there is no distroless image of yours to compare with;"
                            + " lab-02-distroless says: ");
              });
    }
  }
}
