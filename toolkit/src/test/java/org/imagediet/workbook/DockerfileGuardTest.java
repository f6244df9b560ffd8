package org.imagediet.workbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileGuardTest {

  private static final String FETCHES =
      "ADD fetches from the network, which the grader does not allow; bring the file with COPY.";

  /** Empty when the grader would build it. */
  private static String refusal(String text) {
    try {
      return DockerfileGuard.refusal(text, Dockerfile.parse(text)).orElse("");
    } catch (DockerfileException e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM a\nADD b.tar /b",
        "FROM a\nADD --chown=1:1 b github.com/ /c/",
        "FROM a\nCOPY --chmod=0755 [\"b c\", \"/d\"]",
        "FROM a\nRUN --mount=type=cache,target=/root/.cache --mount=type=tmpfs,target=/t b",
        "FROM a\nRUN --mount=type=cache,target=$HOME/.cache b",
        "FROM a\nRUN --mount=type=bind,target=. --mount=type=secret,id=s --network=none b",
        "FROM a\nRUN --network=default --security=sandbox wget http://b",
        "FROM a\nENV A=https://b\nLABEL c=\"ä\" d='git@e'",
        "FROM a\nRUN echo 'ADD http://b /c'\nCMD [\"b\", \"http://c\"]",
        "FROM a\nCOPY --from=a:2 --chown=$USER b c",
        "FROM a\nHEALTHCHECK --interval=1s CMD b",
        "# escape=\\\nFROM a\n# a comment on the syntax of escape",
        "FROM a\nONBUILD RUN b\nONBUILD COPY --from=a c d",
        "FROM a\nCOPY <<EOF /etc/passwd\nnonroot:x:65532:65532::/:\nEOF",
      })
  @DisplayName("lets pass what an honest Dockerfile has")
  void allows(String text) {
    assertThat(refusal(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADD http://127.0.0.1/a /",
        "add HTTPS://a/b /",
        "ADD\thttp://a\t/",
        "ADD --chown=1:1 --keep-git-dir=true https://a/b.git#main /",
        "ADD b ftp://a /",
        "ADD git://a/b /",
        "ADD git@a:b.git /",
        "ADD someone@127.0.0.1:b /",
        "ADD ssh://a@b/c /",
        "ADD -- http://a /",
        "ADD ht\\\ntp://a /",
        "ADD \\\n# c\n\n http://a /",
        "A\\\nDD http://a /",
        "ONBUILD ADD http://a /",
        "ONBUILD\\\n ADD http://a /",
        "ADD <<E http://a /\nx\nE",
        "RUN <<E\nx\nE\nADD http://a /",
        // Where the end of a here-document is taken too strictly.
        "RUN <<E\nx\nE\r\nADD http://a /",
      })
  @DisplayName("refuses an ADD that fetches")
  void remoteAdd(String instruction) {
    assertThat(refusal("FROM a\n" + instruction)).startsWith("Dockerfile, line ").endsWith(FETCHES);
  }

  /** Here a builder, one of those there are, would see an ADD that a simpler reader does not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // Quotes, escapes and variables.
        "ADD [\"http://a\", \"/\"]",
        "ADD [\"\\u0068ttp://a\", \"/\"]",
        "ADD [g]o.mod http\":\"//a /",
        "ADD h'tt'p://a /",
        "ADD ht\\tp://a /",
        "ADD $A /",
        "ARG A=http\nADD ${A}:/b /",
        // Blanks and letters that not everybody knows.
        "\u00a0ADD http://a /",
        "\u2003ADD http://a /",
        "\u0085ADD http://a /",
        "\u000bADD http://a /",
        "ADD\u000bhttp://a /",
        "RUN b \\\n\u001c# c \\\nADD http://a /",
        "ONBU\u0130LD ADD http://a /",
        // Other escapes, and directives after what is none.
        // Here-documents that only some builders know, or that end elsewhere.
        "RUN true <<CMD\nADD http://a /\nCMD",
        "RUN true <<E\nADD http://a /",
        "RUN true <<E\n# c\n\\\nADD http://a /\nE",
        "RUN true <<E\nAD\\\nD http://a / \\\nE",
        "RUN true <<E\nONBU\u0130LD CMD\nADD http://a / \\\nE",
        "RUN true <<E-F\nx\nE-F\nADD http://a /\nE",
        "RUN true <<E>f\nx\nE>f\nADD http://a /\nE",
        "RUN true x<<E\nADD http://a /\nE",
        "RUN true << E\nx\nE\nRUN true <<CMD\nADD http://a /\nCMD",
        "RUN echo \" <<E\"\nADD http://a /\nE",
        "RUN [\"echo\", \" <<E\"]\nADD http://a /\nE",
        "RUN echo \\<<E\nADD http://a /\nE",
        "RUN echo ${ <<E\nADD http://a /\nE",
        "RUN true <<-E\n E\nx\nE\nRUN true <<CMD\nADD http://a /\nCMD",
        "ONBUILD RUN true <<E\nx\nADD http://a /\nE",
      })
  @DisplayName("refuses what could hide an ADD that fetches")
  void hiddenAdd(String instructions) {
    assertThat(refusal("FROM a\n" + instructions)).startsWith("Dockerfile, line ");
  }

  /** Only one of these characters goes on in the next line; builders differ on which. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "# other=c\n# escape=`",
        "# check=skip=all\n# escape=`",
        "\n# escape=`",
        "# escape=\\\n# escape=`",
        " # escape=`",
        "#\u00a0escape=`",
        "# escape=``",
        "# escape=x",
      })
  @DisplayName("refuses an escape character that not every builder takes for one")
  void escape(String directive) {
    for (String end : new String[] {"`", "\\"}) {
      assertThat(refusal(directive + "\nFROM a\nRUN b " + end + "\nADD http://a /"))
          .startsWith("Dockerfile, line ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN b \\\nADD http://a /",
        "AD`\nD http://a /",
        "ADD h`ttp://a /",
        "RUN --net`work=host b",
        "RUN <<E\n`\nADD http://a /\nE",
      })
  @DisplayName("follows another escape character from the first line")
  void otherEscape(String instructions) {
    assertThat(refusal("# escape=`\nFROM a\n" + instructions)).startsWith("Dockerfile, line ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# syntax=b\nFROM a",
        "#syntax=b\nFROM a",
        "# SynTax = b\nFROM a",
        "\uFEFF# syntax=b\nFROM a",
        "#!/usr/bin/env b\n# syntax=b\nFROM a",
        "# escape=\\\n# syntax=b\nFROM a",
        "# check=skip=all\n#\tsyntax=b\nFROM a",
        "#\u00a0syntax=b\nFROM a",
        "#\u2003syntax\t=\tb\nFROM a",
        "  # syntax=b\r\nFROM a\r\n",
        "#!b\n \t\n# syntax=b\nFROM a",
      })
  @DisplayName("refuses a parser of the Dockerfile's own")
  void syntax(String text) {
    assertThat(refusal(text))
        .isEqualTo(
            "The Dockerfile asks for a parser of its own (syntax=); the grader uses the builder's.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "// syntax=b\nFROM a",
        "#!b\n//syntax=b\nFROM a",
        "{\"syntax\": \"b\"}",
        "\u2003# syntax=b\nFROM a",
        "#!b\n{\n\"syntax\":\n\"b\", \"c\": \"\\\nFROM a\"\n}",
        "\uFEFF {\"syntax\": \"b\"}",
      })
  @DisplayName("refuses a parser that is asked for in other ways")
  void otherSyntax(String text) {
    assertThat(refusal(text)).startsWith("Dockerfile, line ");
  }

  static Stream<Arguments> flags() {
    return Stream.of(
        arguments("RUN --network=host b", "would leave the build's sandbox"),
        arguments("run --NETWORK=Host b", "would leave the build's sandbox"),
        arguments("RUN --network=$A b", "would leave the build's sandbox"),
        arguments("RUN --network=ho\\\nst b", "would leave the build's sandbox"),
        arguments("RUN --mount=type=cache,target=/c --network=host b", "leave the build's sandbox"),
        arguments("RUN -- --network=host b", "would leave the build's sandbox"),
        arguments("RUN --network b", "would leave the build's sandbox"),
        arguments("RUN --security=insecure b", "would leave the build's sandbox"),
        arguments("RUN --device=b c", "would leave the build's sandbox"),
        arguments("ONBUILD RUN --network=host b", "would leave the build's sandbox"),
        arguments("RUN --net\"work=host\" b", "has quotes, escapes"),
        arguments("RUN --net\\work=host b", "has quotes, escapes"),
        arguments("RUN --mount=\"type=ssh\" b", "has quotes, escapes"),
        arguments("RUN --mount=type=$A b", "a mount of type $A is not available"),
        arguments("RUN --mount=from=$A b", "'$A' names neither a stage nor an image"),
        // For one builder half of this letter is a blank.
        arguments("RUN --mount=target=/\u00e0--network=host b", "has quotes, escapes"),
        arguments("RUN --mount=type=ssh b", "a mount of type ssh is not available"),
        arguments("RUN --mount=target=/a,TYPE=ssh b", "a mount of type ssh is not available"),
        arguments("RUN --mount=type=bind,type=ssh b", "a mount of type ssh is not available"),
        arguments("RUN --mount=type=SSH b", "a mount of type SSH is not available"),
        arguments("ONBUILD RUN --mount=type=ssh b", "a mount of type ssh is not available"),
        arguments("RUN --mount type=ssh b", "--mount needs a value, joined with ="),
        arguments("ONBUILD ONBUILD RUN b", "ONBUILD cannot stand in an ONBUILD"),
        arguments("ONBUILD FROM b", "FROM cannot stand in an ONBUILD"));
  }

  @ParameterizedTest
  @MethodSource
  @DisplayName("refuses a step that would leave the build's sandbox")
  void flags(String instruction, String reason) {
    assertThat(refusal("FROM a\n" + instruction))
        .startsWith("Dockerfile, line 2: ")
        .contains(reason)
        .endsWith(".");
  }
}
