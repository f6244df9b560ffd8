package org.imagediet.workbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.imagediet.workbook.Dockerfile.Instruction;
import org.imagediet.workbook.Dockerfile.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {

  @Test
  @DisplayName("has stages with their bases, names, lines and instructions")
  void stages() {
    Dockerfile file =
        Dockerfile.parse(
            """
            # a comment
            ARG GO=1.24
            FROM golang:${GO} AS Build

            RUN go build \\
                # in between
                -o /app
            from --platform=linux/amd64 scratch
            copy --from=build --chown=1:1 /app /app
            """);

    assertThat(file.stages())
        .extracting(Stage::base, Stage::name, Stage::line)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("golang:1.24", Optional.of("build"), 3),
            org.assertj.core.groups.Tuple.tuple("scratch", Optional.empty(), 8));
    assertThat(file.release()).isEqualTo(file.stages().get(1));
    assertThat(file.stage("BUILD")).contains(file.stages().get(0));
    assertThat(file.stages().get(0).instructions())
        .containsExactly(new Instruction(5, "RUN", List.of(), "go build     -o /app"));
    assertThat(file.release().instructions())
        .containsExactly(
            new Instruction(9, "COPY", List.of("--from=build", "--chown=1:1"), "/app /app"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      value = {
        "FROM a AS a; FROM b AS b; FROM a : 0 2",
        "FROM a AS x; FROM x AS y; FROM b AS z; COPY --from=y / / : 0 1 2",
        "FROM a AS x; FROM b; COPY --from=X / / : 0 1",
        "FROM a; FROM b; FROM c; COPY --from=1 / / : ",
        "FROM a AS x; FROM b; RUN --mount=from=x true : 0 1",
        "FROM a AS x; FROM b; RUN --mount=type=cache;target=/c;from=x true : 0 1",
        // A builder does not go there for these.
        "FROM a AS x; FROM b; RUN --mount=type=secret;id=y;from=x true : 1",
        "FROM a AS x; FROM b; RUN --mount=type=tmpfs;target=/t;from=x true : 1",
        "FROM a AS x; FROM b; RUN --mount=type=bind;from=x true : 0 1",
        "FROM a AS x; FROM b AS y; COPY --from=elsewhere / / : 1",
        // The image of that name, since the stage itself is not above itself.
        "FROM a AS x; FROM b AS b; COPY --from=a / / : 1",
        "FROM a AS x; ONBUILD COPY --from=y / /; FROM x : ",
        "FROM a AS x; FROM b AS x; FROM x : "
      },
      delimiter = ':')
  @DisplayName("knows which stages are built for the last one")
  void builtFor(String text, String indices) {
    // A semicolon before an instruction is a new line, any other a comma.
    String lines = text.strip().replaceAll("; (?=[A-Z]+ )", "\n").replace(';', ',');
    Dockerfile file = Dockerfile.parse(lines);
    assertThat(file.builtFor(file.release()).stream().map(Stage::index).map(Object::toString))
        .isEqualTo(indices == null ? List.of() : List.of(indices.strip().split(" ")));
  }

  static Stream<Arguments> images() {
    return Stream.of(
        arguments("FROM ubuntu:24.04", "ubuntu:24.04"),
        arguments("FROM 'ubuntu:24.04'", "ubuntu:24.04"),
        arguments("FROM scratch", ""),
        arguments("\uFEFFFROM a", "a"),
        arguments("FROM a\r\nRUN b\r\n", "a"),
        arguments("FR\\\nOM a", "a"),
        arguments("\\\n\nFROM a", "a"),
        // A backslash before a backslash is no continuation.
        arguments("FROM a\nRUN b \\\\\nCOPY --from=c / /", "a, c"),
        // The first line may choose another character for that.
        arguments("# escape=`\nFR`\nOM a\nRUN b \\\nCOPY --from=c / /", "a, c"),
        arguments("\uFEFF#\tEscape = ` \r\nFROM a\nRUN b ``\nCOPY --from=c / /", "a, c"),
        arguments("# escape=`\nFROM a\nRUN b `\nCOPY --from=c / /", "a"),
        arguments("# escape=\\\nFROM a\nRUN b `\nCOPY --from=c / /", "a, c"),
        // Arguments.
        arguments("ARG A=a:1\nFROM $A", "a:1"),
        arguments("ARG A=1\nFROM a:$A-b", "a:1-b"),
        arguments("ARG A='a' B=\"b c\" C\nFROM $A", "a"),
        arguments("ARG A=a\nARG B=${A}:2\nFROM ${B}", "a:2"),
        arguments("ARG A\nFROM ${A:-b}", "b"),
        arguments("ARG A=\nFROM ${A:-b}", "b"),
        arguments("ARG A=a\nFROM ${A:-b}", "a"),
        arguments("ARG A=a\nFROM ${A:+b}", "b"),
        arguments("ARG A\nFROM b${A:+c}", "b"),
        arguments("ARG A\nARG B=b\nFROM ${A:-${B}:1}", "b:1"),
        // An argument that no FROM uses may be anything.
        arguments("ARG F=\"-X a.v=$V -s\"\nFROM a", "a"),
        arguments("ARG TARGETARCH\nFROM a", "a"),
        arguments("FROM --platform=$BUILDPLATFORM a", "a"),
        // A stage's own arguments are none of FROM's.
        arguments("ARG A=a\nFROM $A\nARG A=b\nFROM $A", "a"),
        // Stages hide images of their name, for what comes after them.
        arguments("FROM a AS b\nFROM b", "a"),
        arguments("FROM a AS ubuntu\nFROM ubuntu\nCOPY --from=UBUNTU / /", "a"),
        arguments("FROM ubuntu AS ubuntu", "ubuntu"),
        arguments("FROM a\nFROM b AS a", "a, b"),
        arguments("FROM a\nCOPY --from=b:1 / /", "a, b:1"),
        arguments("FROM a\nFROM b\nCOPY --from=0 / /", "a, b"),
        arguments("FROM a\nRUN --mount=from=b,target=/b c", "a, b"),
        arguments("FROM a\nRUN --mount=type=cache,FROM=b,target=/b c", "a, b"),
        arguments("FROM a\nRUN --mount=from=b,target=/b --mount=from=d,target=/d c", "a, b, d"),
        // In a mount a number is a name.
        arguments("FROM a\nFROM b\nRUN --mount=from=0,target=/b c", "a, b, 0"),
        arguments("FROM a\nONBUILD COPY --from=b / /", "a, b"),
        arguments("FROM a\nonbuild run --mount=from=b,target=/b c", "a, b"),
        arguments("FROM a\nCOPY --from=scratch / /", "a"),
        // Here-documents.
        arguments("FROM a\nRUN <<E\nset -e\nFROM b\nE\nCOPY --from=c / /", "a, c"),
        arguments("FROM a\nCOPY <<-'E' <<\"F\" /\n\tx\n\t\tE\ny\nF\nCOPY --from=c / /", "a, c"),
        arguments("FROM a\nRUN 3<<E cat\nx\nE\r\nCOPY --from=c / /", "a, c"));
  }

  @ParameterizedTest
  @MethodSource
  @DisplayName("names the images that a builder would fetch")
  void images(String text, String images) {
    assertThat(String.join(", ", Dockerfile.parse(text).images())).isEqualTo(images);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments("", "line 1: there is no FROM, so there is nothing to build."),
        arguments("# FROM a", "line 1: there is no FROM, so there is nothing to build."),
        arguments("RUN a\nFROM b", "line 1: only ARG may stand above the first FROM."),
        arguments("FROM a\nCOPPY b c", "line 2: there is no instruction COPPY."),
        arguments("FROM a\nONBUILD ADDD b c", "line 2: there is no instruction ADDD."),
        arguments(
            "FROM a AS 1b",
            "line 1: 1b is no name for a stage; it begins with a letter, and letters, digits and"
                + " . _ - follow."),
        arguments(
            "FROM a b", "line 1: FROM takes an image and perhaps AS and a name for the stage."),
        arguments("FROM a:b*", "line 1: 'a:b*' names neither a stage nor an image."),
        arguments("FROM a\nCOPY --from=$B / /", "line 2: '$B' names neither a stage nor an image."),
        arguments(
            "FROM a\nCOPY --from=b / /\nFROM c AS b",
            "line 2: the stage b is not above this one; files come from stages further up only."),
        arguments(
            "FROM a AS b\nCOPY --from=b / /",
            "line 2: the stage b is not above this one; files come from stages further up only."),
        arguments(
            "FROM a\n\u00a0ADD b c",
            "line 2: there is a character that cannot be seen (U+00A0); type the line again."),
        arguments(
            "# a comment\n# escape=`\nFROM a",
            "line 1: escape= is followed only in the first line, and only where it is ` or \\."),
        arguments("FROM a\nRUN <<E\nx", "line 2: the here-document's end, E, is missing."),
        arguments(
            "FROM a\nRUN <<E\n\nADD b c\nE",
            "line 4: a here-document must not begin with what could be an instruction, since not"
                + " every builder knows here-documents."),
        arguments(
            "FROM a\nRUN echo \" <<E\"",
            "line 2: '<<' beside quotes, backslashes or ${} is more than the grader can follow;"
                + " write a here-document as <<EOF alone, or do without."),
        arguments(
            "FROM a\nONBUILD RUN <<E\nx\nE",
            "line 2: builders differ on a here-document in ONBUILD; do without."),
        arguments(
            "FROM a\n" + "\n".repeat(2000),
            "line 2000: it goes on after this, and no Dockerfile needs to."),
        arguments("FROM a\n".repeat(51), "line 51: there are more than 50 stages."));
  }

  @ParameterizedTest
  @MethodSource
  @DisplayName("says in one sentence with the line what is wrong")
  void mistakes(String text, String message) {
    assertThatThrownBy(() -> Dockerfile.parse(text))
        .isExactlyInstanceOf(DockerfileException.class)
        .hasMessage("Dockerfile, " + message);
  }

  /** Each has another image for one builder than for another, or than for a simpler reader. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM $A",
        "FROM ${A:-b}",
        "FROM ${TARGETOS:-b}",
        "ARG TARGETOS\nFROM ${TARGETOS:-b}",
        "ARG TARGETOS=\nFROM ${TARGETOS:-b}",
        "ARG A=${TARGETOS:+evil}\nFROM ${A:-b}",
        "ARG BUILDKIT_CACHE_MOUNT_NS\nARG A=${BUILDKIT_CACHE_MOUNT_NS:+evil}\nFROM ${A:-b}",
        "ARG http_proxy\nFROM ${http_proxy:-b}",
        "ARG A=b\nARG A\nFROM ${A:-evil}",
        "ARG A=evil\nARG A\nARG A\nFROM ${A:-b}",
        "ARG A=b\nFROM ${A-evil}",
        "ARG A=b\nFROM ${A#x}",
        "ARG A=b\nFROM ${A/b/evil}",
        "ARG A=b\nFROM \\$A",
        "ARG A=b Aé=evil\nFROM $Aé",
        "ARG A=b}\nFROM $A",
        "# escape=`\nARG A=b` B=evil\nFROM $B",
        "# escape=`\nARG A='b`c'\nFROM $A",
        "FROM b\"c\"",
        "FROM `b`",
      })
  @DisplayName("does not guess what an argument stands for")
  void ambiguousArguments(String text) {
    assertThatThrownBy(() -> Dockerfile.parse(text))
        .isExactlyInstanceOf(DockerfileException.class)
        .hasMessageStartingWith("Dockerfile, line ");
  }

  @Test
  @DisplayName("does not let arguments grow without bounds")
  void growingArguments() {
    StringBuilder text = new StringBuilder("ARG A0=aaaaaaaaaa\n");
    for (int i = 1; i < 100; i++) {
      text.append("ARG A%d=$A%d$A%d\n".formatted(i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> Dockerfile.parse(text + "FROM $A99"))
        .isExactlyInstanceOf(DockerfileException.class)
        .hasMessageContaining("'$A99' is more than the grader can follow");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\\", "-- ", "\"", "'", "${", "<<", "[", "A=$A ", "#", "é", "\r"})
  @DisplayName("takes one endless line like any other")
  void longLines(String piece) {
    String endless = piece.repeat((64 << 10) / piece.length());
    for (String text :
        List.of(
            endless,
            "ARG " + endless + "\nFROM a",
            "FROM " + endless,
            "FROM a\nRUN " + endless,
            "FROM a\nADD " + endless,
            "FROM a\nCOPY --from=" + endless)) {
      read(text);
    }
  }

  @Test
  @DisplayName("ends in a Dockerfile or in a sentence, whatever the text")
  void anything() {
    String[] pieces = {
      "FROM ",
      "from",
      "ARG ",
      "A",
      "=",
      "$A",
      "${A",
      ":-",
      ":+",
      "}",
      "RUN ",
      "ADD ",
      "COPY ",
      "ONBUILD ",
      "--from=",
      "--mount=",
      "type=",
      "--",
      "\"",
      "'",
      "\\",
      "\\\n",
      "\n",
      "\r\n",
      " ",
      "\t",
      "#",
      "# escape=",
      "# syntax=",
      "//",
      "{",
      "[",
      "]",
      ",",
      "<<",
      "<<EOF",
      "EOF",
      "-",
      "`",
      "scratch",
      "ubuntu:24.04",
      " AS ",
      "\uFEFF",
      "\u00a0",
      "\u2028",
      "\0",
      "\ud800",
      "\ud83d\ude00",
      "0",
      "999999999999",
      "İ",
      "@",
      "/",
      ":"
    };
    Random random = new Random(65532);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "FROM a AS b\n" : "");
      for (int j = random.nextInt(40); j > 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      read(text.toString());
    }
  }

  private static void read(String text) {
    try {
      DockerfileGuard.refusal(text, Dockerfile.parse(text));
    } catch (DockerfileException e) {
      assertThat(e).hasMessageMatching("(?s)Dockerfile, line \\d+: .*\\.");
    } catch (RuntimeException | Error e) {
      throw new AssertionError("on: " + text, e);
    }
  }
}
