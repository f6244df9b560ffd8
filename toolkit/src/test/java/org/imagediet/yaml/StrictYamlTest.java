package org.imagediet.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrictYamlTest {

  static Stream<Arguments> documents() {
    return Stream.of(
        arguments(
            "a: 0644\nb: no\nc: 1e3\nd: 2024-01-01", "{a:'0644',b:'no',c:'1e3',d:'2024-01-01'}"),
        arguments("a: [b, 'c', \"d\\n\"]", "{a:['b','c','d\\n']}"),
        arguments("- a\n- b: {c: d}", "['a',{b:{c:'d'}}]"),
        arguments("a:\nb: ~\nc: null\nd: ''", "{a:'',b:null,c:null,d:''}"),
        arguments("a: |\n  b\n  c\n", "{a:'b\\nc\\n'}"),
        arguments("just text", "'just text'"),
        arguments("a: 'x: *y &z !w'", "{a:'x: *y &z !w'}"),
        arguments("a: {<<: {b: c}}", "{a:{<<:{b:'c'}}}"),
        arguments("", ""),
        arguments("# nothing", ""));
  }

  @ParameterizedTest
  @MethodSource
  @DisplayName("keeps every scalar as it was written")
  void documents(String yaml, String expected) {
    JsonNode node = StrictYaml.read(yaml, "a.yaml");
    assertThat(node.toString().replaceAll("\"(\\w+|<<)\":", "$1:").replace('"', '\''))
        .isEqualTo(expected);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("a: &b {c: d}", "line 1: an anchor (&) is not allowed."),
        arguments("a: &b c\nd: *b", "line 2: an alias (*) is not allowed; write the value again."),
        arguments("a: &b [c]\nd: *b", "line 1: an anchor (&) is not allowed."),
        arguments("a: *b", "line 1: an alias (*) is not allowed; write the value again."),
        arguments("x: y\n<<: *b", "line 2: an alias (*) is not allowed; write the value again."),
        arguments("a: !!binary YQ==", "line 1: a tag (!) is not allowed."),
        arguments("!!javax.script.ScriptEngineManager []", "line 1: a tag (!) is not allowed."),
        arguments("a: !b {}", "line 1: a tag (!) is not allowed."),
        arguments("a: b\na: c", "line 2: the key a is there twice."),
        arguments("a: {b: c, b: d}", "line 1: the key b is there twice."),
        arguments("a: b\n---\nc: d", "line 3: a second document begins; there may be one."),
        arguments("[".repeat(14), "line 1: nested deeper than 12 levels."),
        arguments("[".repeat(60_000), "line 1: nested deeper than 12 levels."),
        arguments("{a: ".repeat(14), "line 1: nested deeper than 12 levels."));
  }

  @ParameterizedTest
  @MethodSource
  @DisplayName("refuses what a configuration does not need")
  void refused(String yaml, String message) {
    assertThatThrownBy(() -> StrictYaml.read(yaml, "a.yaml"))
        .isExactlyInstanceOf(YamlException.class)
        .hasMessage("a.yaml, " + message);
  }

  @Test
  @DisplayName("refuses a document that is too long before it reads it")
  void tooLong() {
    assertThatThrownBy(() -> StrictYaml.read("#".repeat(1 + (64 << 10)), "a.yaml"))
        .isExactlyInstanceOf(YamlException.class)
        .hasMessage("a.yaml is longer than 65536 characters.");
  }

  @Test
  @DisplayName("says where something is no YAML")
  void noYaml() {
    assertThatThrownBy(() -> StrictYaml.read("a: b\nc: d: e\n", "a.yaml"))
        .isExactlyInstanceOf(YamlException.class)
        .hasMessage("a.yaml, line 2: this is no YAML: mapping values are not allowed here.");
  }

  @Test
  @DisplayName("ends in a document or in a sentence, whatever the text")
  void anything() {
    String[] pieces = {
      "a",
      "b",
      ": ",
      ":",
      "- ",
      "-",
      "? ",
      "?",
      "\n",
      "\n  ",
      " ",
      "\t",
      "[",
      "]",
      "{",
      "}",
      ", ",
      "&x ",
      "*x",
      "!",
      "!!str ",
      "!<x> ",
      "'",
      "\"",
      "\\",
      "\\x",
      "\\u12",
      "|",
      ">",
      "|+9",
      "%YAML 9.9",
      "%TAG ! x",
      "---",
      "...",
      "#",
      "<<: ",
      "~",
      "null",
      "0x1F",
      "1e999",
      ".nan",
      "=",
      "@",
      "`",
      "\0",
      "\u0007",
      "\u0085",
      "\u2028",
      "\uFEFF",
      "\uFFFE",
      "\ud800",
      "\ud83d\ude00",
      "é",
      "\r"
    };
    Random random = new Random(65532);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(30); j > 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        StrictYaml.read(text.toString(), "a.yaml");
      } catch (YamlException e) {
        assertThat(e).hasMessageMatching("a\\.yaml, line \\d+: .*\\.");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("on: " + text, e);
      }
    }
  }
}
