package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenVexTest {

  private static OpenVex read(String json) {
    return OpenVex.read(json.getBytes(StandardCharsets.UTF_8), "triage.json");
  }

  @Test
  @DisplayName("reads a document, and lets statements inherit its time")
  void reads() {
    OpenVex vex =
        read(
            """
            {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex-1",
             "author": "me", "role": "student", "timestamp": "2026-05-01T10:00:00+02:00",
             "version": 3, "statements": [
              {"vulnerability": {"name": "CVE-1", "aliases": ["GO-1"]},
               "products": [{"@id": "pkg:oci/app", "identifiers": {"purl": "pkg:oci/app@sha256:1"},
                 "subcomponents": [{"@id": "pkg:golang/stdlib@1.24.4"}]}],
               "status": "not_affected", "justification": "vulnerable_code_not_present",
               "impact_statement": "text"},
              {"vulnerability": {"name": "CVE-2"}, "timestamp": "2026-05-02T00:00:00Z",
               "status": "affected", "action_statement": "update",
               "action_statement_timestamp": "2026-05-03T00:00:00Z"},
              {}]}
            """);
    assertThat(vex.context()).isEqualTo("https://openvex.dev/ns/v0.2.0");
    assertThat(vex.version()).isEqualTo(3);
    assertThat(vex.statements()).hasSize(3);
    VexStatement first = vex.statements().get(0);
    assertThat(first.products().get(0).names())
        .containsExactly("pkg:oci/app", "pkg:oci/app@sha256:1");
    assertThat(first.products().get(0).subcomponents()).containsExactly("pkg:golang/stdlib@1.24.4");
    assertThat(first.aliases()).containsExactly("GO-1");
    assertThat(first.time()).contains(Instant.parse("2026-05-01T08:00:00Z"));
    VexStatement second = vex.statements().get(1);
    assertThat(second.time()).contains(Instant.parse("2026-05-02T00:00:00Z"));
    assertThat(second.actionTime()).contains(Instant.parse("2026-05-03T00:00:00Z"));
    assertThat(vex.statements().get(2).vulnerability()).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("says in one sentence, with the place, what is no OpenVEX document")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      textBlock =
          """
          {"statements": [              ~ triage.json, line 1: this is no JSON: Unexpected end-of-input
          {"a": 1, "a": 2}              ~ triage.json, line 1: this is no JSON: Duplicate field 'a'
          {"statements": []} x          ~ triage.json, line 1: this is no JSON: Unrecognized token 'x'
          []                            ~ triage.json is no OpenVEX document: it is no JSON object.
          {}                            ~ triage.json is no OpenVEX document: it has no list `statements`.
          {"statements": {}}            ~ triage.json is no OpenVEX document: it has no list `statements`.
          {"statements": [1]}           ~ triage.json, statement 1 is no JSON object.
          {"statements": [{"vulnerability": "CVE-1"}]} ~ triage.json, statement 1: `vulnerability` is a text, as it was before OpenVEX 0.2.0
          {"statements": [{"products": ["pkg:a/b"]}]} ~ triage.json, statement 1: a product is a text, as it was before OpenVEX 0.2.0
          {"statements": [{"products": {}}]} ~ triage.json, statement 1: `products` is no list.
          {"statements": [{"status": 1}]} ~ triage.json, statement 1: `status` is no text.
          {"statements": [{}, {"timestamp": "today"}]} ~ triage.json, statement 2: `timestamp` is today, and no time such as 2026-01-31T12:00:00Z.
          """)
  void others(String json, String sentence) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(OpenVexException.class)
        .hasMessageStartingWith(sentence);
  }

  @Test
  @DisplayName("refuses what is too long, too deep or too much")
  void limits() {
    assertThatThrownBy(() -> read(" ".repeat(2 << 20)))
        .isInstanceOf(OpenVexException.class)
        .hasMessageContaining("is longer than");
    assertThatThrownBy(() -> read("{\"statements\": " + "[".repeat(5000)))
        .isInstanceOf(OpenVexException.class)
        .hasMessageContaining("no JSON");
    assertThatThrownBy(
            () -> read("{\"statements\": [{\"status\": \"" + "x".repeat(30_000) + "\"}]}"))
        .isInstanceOf(OpenVexException.class);
    assertThatThrownBy(() -> read("{\"statements\": [" + "{},".repeat(3000) + "{}]}"))
        .isInstanceOf(OpenVexException.class)
        .hasMessageContaining("more than 2000 statements");
  }

  @Test
  @DisplayName("repeats nothing of a document that a terminal would act on")
  void clean() {
    assertThatThrownBy(
            () ->
                read("{\"statements\": [{\"timestamp\": \"\\u001b[2J" + "y".repeat(500) + "\"}]}"))
        .isInstanceOf(OpenVexException.class)
        .message()
        .doesNotContain("\u001b")
        .hasSizeLessThan(250);
  }
}
