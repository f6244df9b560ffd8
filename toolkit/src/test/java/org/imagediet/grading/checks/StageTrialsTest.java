package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.imagediet.workbook.Dockerfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageTrialsTest {

  private static final String SOLUTION =
      """
      ARG GO=1.24
      FROM golang:${GO} AS source
      COPY . .
      FROM source AS test
      RUN go test ./...
      FROM test AS build
      RUN go build -o /app
      FROM scratch AS release
      COPY --from=build /app /app
      USER 65532
      """;

  private final Set<String> known = new HashSet<>();

  @BeforeEach
  void grade() {
    StageTrials first = of(SOLUTION);
    first.rememberStopped("test", "a");
    first.rememberGoesOn("test");
  }

  private StageTrials of(String text) {
    return of(text, "02 go");
  }

  private StageTrials of(String text, String surroundings) {
    return new StageTrials(Dockerfile.parse(text), text, surroundings, known);
  }

  private static String changed(String change) {
    String[] parts = change.split("\\|");
    assertThat(SOLUTION).contains(parts[0]);
    return SOLUTION.replace(parts[0], parts[1]);
  }

  private static Optional<String> stopped(StageTrials trials) {
    return trials.stopped(Optional.empty(), "a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "USER 65532|USER root",
        "-o /app|-s -o /app",
        "FROM scratch|FROM ubuntu:24.04",
        "ARG GO|# What it is about.\nARG GO",
        "COPY . .|# The whole context.\nCOPY . .\n"
      })
  @DisplayName("what was tried in a stage need not be tried when another one differs")
  void another(String change) {
    StageTrials trials = of(changed(change));
    assertThat(stopped(trials)).contains("test");
    assertThat(trials.goesOn("test")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "go test ./...|go test ./...; true",
        "RUN go test ./...|RUN true",
        "GO=1.24|GO=1.23",
        "COPY . .|COPY main.go .",
        "ARG GO|# syntax=another\nARG GO",
        // Nothing is built of the stage any more.
        "COPY --from=build|COPY --from=golang:1.24",
        "RUN go test|ARG TARGETSTAGE\nRUN go test",
        "USER 65532|ARG TARGETSTAGE",
        "go test ./...|go test ./...\r",
        // What follows is seen by whoever looks, and not guessed.
        "COPY . .|ONBUILD COPY . .",
        "AS source\nCOPY|AS test\nCOPY"
      })
  @DisplayName("what the outcome can depend on is tried again")
  void differs(String change) {
    assertThat(stopped(of(changed(change)))).isEmpty();
  }

  @Test
  @DisplayName("what looks like a comment in a here-document counts")
  void hereDocument() {
    String text = SOLUTION.replace("COPY . .", "COPY <<EOF run\n#!/bin/sh\nEOF");
    of(text).rememberStopped("test", "a");
    assertThat(stopped(of(text))).contains("test");
    assertThat(stopped(of(text.replace("#!/bin/sh", "#!/bin/false")))).isEmpty();
  }

  @Test
  @DisplayName("another folder's test, another service and another ignore file are tried")
  void surroundings() {
    assertThat(of(SOLUTION).stopped(Optional.empty(), "b")).isEmpty();
    assertThat(stopped(of(SOLUTION, "02 java"))).isEmpty();
    assertThat(of(SOLUTION, "02 java").goesOn("test")).isFalse();
  }

  @Test
  @DisplayName("a stage that stops is no news of those it is built from")
  void below() {
    assertThat(of(SOLUTION).stopped(Optional.of("build"), "a")).contains("test");
    assertThat(of(SOLUTION).stopped(Optional.of("source"), "a")).isEmpty();
    assertThat(of(SOLUTION).goesOn("source")).isFalse();
    assertThat(of(SOLUTION).goesOn("build")).isFalse();
  }
}
