package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.imagediet.EngineUnderTest;
import org.imagediet.engine.Progress;
import org.imagediet.grading.Bench;
import org.imagediet.grading.HandedSecrets;
import org.imagediet.grading.Laboratory;
import org.imagediet.grading.Outcome;
import org.imagediet.grading.Submission;
import org.imagediet.grading.Verdict;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SecretsIT {

  private static final String PROOF = "$(sha256sum /run/secrets/build_token | cut -d' ' -f1)";

  private static final HandedSecrets SECRETS = HandedSecrets.of(Workbook.find());

  private static Laboratory laboratory;
  private static Laboratory gradings;

  private final Path folder = Path.of("target", "secrets-it").toAbsolutePath();

  @BeforeAll
  static void open() {
    EngineUnderTest.withBases(Probe.BASE, "golang:1.24-alpine").close();
    laboratory = new Laboratory(Progress.SILENT);
    // What is compiled here once is there for all gradings of the workbook's own.
    gradings = laboratory.beside();
  }

  @AfterAll
  static void close() {
    gradings.close();
    laboratory.close();
  }

  private Verdict judged(String dockerfile) throws IOException {
    return judged(dockerfile, SECRETS);
  }

  private Verdict judged(String dockerfile, HandedSecrets secrets) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("Dockerfile"), dockerfile);
    Submission submission = new Submission(folder, "lab-04-hardening", Track.GO, "a test");
    try (Bench bench =
        new Bench(
            gradings,
            Workbook.find(),
            submission,
            () -> {},
            Optional.of(secrets),
            Clock.systemUTC())) {
      return Secrets.noSecrets(bench);
    }
  }

  /** A release whose build proves something and then may do more. */
  private static String release(String proof, String alsoInTheBuild, String alsoInTheRelease) {
    return """
        FROM golang:1.24-alpine AS build
        WORKDIR /src
        COPY . .
        RUN --mount=type=cache,target=/root/.cache/go-build \\
            --mount=type=secret,id=build_token,required=true \\
            CGO_ENABLED=0 go build -trimpath -o /app \\
            -ldflags="-X imagediet.org/service/internal/service.BuildProof=%s" ./cmd/app
        %s
        FROM scratch
        COPY --from=build /app /app
        %s
        USER 65532:65532
        ENTRYPOINT ["/app"]
        """
        .formatted(proof, alsoInTheBuild, alsoInTheRelease);
  }

  @Test
  @DisplayName("a build that uses the secret and ships nothing of it passes")
  void right() throws IOException {
    Verdict verdict = judged(release(PROOF, "", ""));
    assertThat(verdict.outcome()).as(verdict.measured()).isEqualTo(Outcome.PASS);
  }

  @Test
  @DisplayName("so does one whose proof the builder remembers from another secret")
  void remembered() throws IOException {
    String dockerfile =
        """
        FROM golang:1.24-alpine AS proof
        RUN --mount=type=secret,id=build_token \\
            sha256sum /run/secrets/build_token | cut -d' ' -f1 > /proof
        FROM golang:1.24-alpine AS build
        WORKDIR /src
        COPY . .
        COPY --from=proof /proof /proof
        RUN --mount=type=cache,target=/root/.cache/go-build CGO_ENABLED=0 go build -trimpath -o /app \\
            -ldflags="-X imagediet.org/service/internal/service.BuildProof=$(cat /proof)" ./cmd/app
        FROM scratch
        COPY --from=build /app /app
        ENTRYPOINT ["/app"]
        """;
    for (HandedSecrets secrets :
        List.of(SECRETS, new HandedSecrets("another-token-1234", "another-word-1234"))) {
      Verdict verdict = judged(dockerfile, secrets);
      assertThat(verdict.outcome()).as(verdict.measured()).isEqualTo(Outcome.PASS);
    }
  }

  @Test
  @DisplayName("a proof that the builder could have without the secret is none")
  void constant() throws IOException {
    assertThat(judged(release("c0ffee", "", "")).measured())
        .isEqualTo("buildProof is 'c0ffee', which is not the SHA-256 of the secret");
  }

  @Test
  @DisplayName("a line end too many is told as that")
  void lineEnd() throws IOException {
    String proof = "$( (cat /run/secrets/build_token; echo) | sha256sum | cut -d' ' -f1)";
    assertThat(judged(release(proof, "", "")).measured())
        .isEqualTo("buildProof is the SHA-256 of the secret and a line end");
  }

  @Test
  @DisplayName("a secret that is shipped is found, whatever wraps it, with the line that ships it")
  void shipped() throws IOException {
    Verdict verdict =
        judged(
            release(
                PROOF,
                "RUN --mount=type=secret,id=build_token"
                    + " (echo cached; base64 /run/secrets/build_token) | gzip > /notes.gz",
                "COPY --from=build /notes.gz /doc/notes.gz\nCOPY . /src"));
    assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(verdict.measured().lines())
        .containsExactly(
            "the build secret is in layer 2, /doc/notes.gz, unpacked, in base64:"
                + " COPY /notes.gz /doc/notes.gz",
            "the secret in .env is in layer 3, /src/.env, as it is: COPY . /src");
  }
}
