package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.workbook.Track;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Submissions that are after the points, or after the grader, and not after an answer. */
@ExtendWith(Grader.Extension.class)
final class HostileSubmissionTest {

  /** Somebody's finished answer, which lies on the machine that grades. */
  private static final String ANSWER = "somebodys/answer:right";

  private static Engine engine;
  private static String id;

  @TempDir private Path submission;

  @BeforeAll
  static void answer() {
    engine = Engines.connect();
    engine.tag("gcr.io/distroless/static-debian13:nonroot", ANSWER);
    id = engine.imageId(ANSWER).orElseThrow().replace("sha256:", "");
  }

  @AfterAll
  static void noAnswer() {
    engine.untag(ANSWER);
    engine.close();
  }

  private Graded graded(Grader grader, String dockerfile) throws IOException {
    Files.writeString(submission.resolve("Dockerfile"), dockerfile);
    return grader.grade(Content.Lab.SCRATCH, Track.GO, submission);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM ANSWER",
        "FROM --platform=linux/amd64 ANSWER",
        "FROM docker.io/ANSWER AS release",
        "ARG NAME=somebodys/answer\nARG BASE=${NAME}:right\nFROM ${BASE}",
        "FROM scratch\nCOPY --from=ANSWER / /",
        "FROM alpine\nRUN --mount=type=bind,from=ANSWER,target=/x cp -a /x/. /",
        "FROM alpine\nONBUILD COPY --from=ANSWER / /\nFROM scratch",
        "FROM sha256:ID",
        "FROM ID",
        "FROM SHORT"
      })
  @DisplayName("nobody's answer can be taken from the engine, under whatever name")
  void anothersAnswer(String dockerfile, Grader grader) throws IOException {
    Graded graded =
        graded(
            grader,
            dockerfile
                .replace("ANSWER", ANSWER)
                .replace("ID", id)
                .replace("SHORT", id.substring(0, 12)));
    assertThat(graded.ended("PASS")).as(graded::all).isEmpty();
    // There are no written answers; of the image nothing is found right or wrong.
    assertThat(graded.ended("FAIL")).as(graded::all).containsExactly("tradeoffs");
    assertThat(graded.ended("ENV_ERROR"))
        .as(graded::all)
        .contains("builds", "serves", "test-stage-gates");
    assertThat(graded.json().path("score").asInt()).isZero();
    assertThat(graded.all()).contains("is none that the labs know");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM ${TARGETARCH:+ANSWER}",
        "FROM ${TARGETARCH:+somebodys/answer:right-}scratch",
        "ARG BUILDKIT_CACHE_MOUNT_NS\nFROM ${BUILDKIT_CACHE_MOUNT_NS:+ANSWER}",
        "ARG X=alpine\nARG X\nFROM ${X:-ANSWER}",
        "FROM alpine\nRUN <<EOF\nFROM ANSWER\n",
        "FROM alpine\nRUN <<EOF\nFROM ANSWER\nEOF\n",
        "FROM alpine\nRUN echo $((1 << X))\nFROM ANSWER",
        "# escape=`\nFROM alpine\nRUN echo \\\nFROM ANSWER",
        "FROM scratch AS ANSWER\nFROM scratch\nCOPY --from=ANSWER / /"
      })
  @DisplayName("nobody's answer can be taken where one parser sees other lines than another")
  void hiddenAnswer(String dockerfile, Grader grader) throws IOException {
    Graded graded = graded(grader, dockerfile.replace("ANSWER", ANSWER));
    assertThat(graded.ended("PASS")).as(graded::all).isEmpty();
    assertThat(graded.json().path("checks").path(0).path("id").asText()).isEqualTo("builds");
    assertThat(graded.json().path("checks").path(0).path("outcome").asText())
        .as(graded::all)
        .isIn("FAIL", "ENV_ERROR");
  }

  @Test
  @DisplayName("names that speak to terminals and to reports reach neither")
  void names(Grader grader) throws IOException {
    Graded graded =
        graded(
            grader,
            """
            FROM gcr.io/distroless/static-debian13:debug AS evil
            SHELL ["/busybox/sh", "-c"]
            RUN mkdir /out && cp /busybox/busybox "/out/$(printf 'sh\\033[31m\\001\\177\\r')" \\
             && cp /busybox/busybox "/out/$(printf 'sh\\302\\233\\342\\200\\256')" \\
             && cp /busybox/busybox "/out/$(printf 'sh\\377\\376')" \\
             && cp /busybox/busybox "/out/$(printf '\\n::error::sh')"
            FROM scratch
            COPY --from=evil /out/ /
            ENV PORT="99999"
            LABEL org.imagediet.stand-in="true" evil="]]><x>&amp;"
            CMD ["/\\u001b[31m", "]]>"]
            """);
    assertThat(graded.ended("FAIL")).as(graded::all).contains("no-shell", "serves");
    assertThat(graded.printed()).contains("by its content, from layer 1");
    assertClean(graded.printed());
    assertTexts(graded.json());
  }

  private static void assertTexts(JsonNode json) {
    if (json.isTextual()) {
      assertClean(json.asText());
    }
    json.forEach(HostileSubmissionTest::assertTexts);
  }

  /** Nothing but lines of what can be seen, all of it in XML's character set. */
  private static void assertClean(String text) {
    assertThat(
            text.codePoints()
                .filter(c -> c != '\n')
                .filter(
                    c ->
                        Set.of(
                                    (int) Character.CONTROL,
                                    (int) Character.FORMAT,
                                    (int) Character.SURROGATE,
                                    (int) Character.UNASSIGNED)
                                .contains(Character.getType(c))
                            || c == 0xfffe
                            || c == 0xffff)
                .mapToObj("U+%04X"::formatted))
        .as(text)
        .isEmpty();
    // What a CI service would take for a command in its log.
    assertThat(text.lines()).noneMatch(line -> line.strip().startsWith("::"));
  }

  @Test
  @DisplayName("a build that fails in a flood leaves a short report")
  void flood(Grader grader) throws IOException {
    Graded graded =
        graded(
            grader,
            """
            FROM gcr.io/distroless/static-debian13:debug
            SHELL ["/busybox/sh", "-c"]
            RUN yes "$(printf '\\033[31m::error::it was me')" | head -c 2000000; \\
                yes | tr -d '\\\\n' | head -c 2000000; exit 3
            """);
    assertThat(graded.ended("FAIL")).as(graded::all).containsExactly("builds");
    assertThat(graded.ended("PASS")).isEmpty();
    assertClean(graded.printed());
    assertThat(graded.printed()).hasSizeLessThan(50_000);
  }
}
