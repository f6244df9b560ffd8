package org.imagediet.engine.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildFileParserTest {

  private static final String HEAD = "apiVersion: jib/v1alpha1\nkind: BuildFile\n";

  private static BuildFile parse(String rest) {
    return BuildFileParser.parse(HEAD + rest);
  }

  private static String problem(String yaml) {
    try {
      BuildFileParser.parse(yaml);
    } catch (BuildFileException e) {
      return e.getMessage();
    }
    throw new AssertionError("accepted: " + yaml);
  }

  @Test
  @DisplayName("reads every key that Jib documents")
  void everyKey() {
    BuildFile file =
        parse(
            """
            from:
              image: gcr.io/distroless/java25-debian13:nonroot
              platforms:
                - architecture: amd64
                  os: linux
            creationTime: 2000
            format: OCI
            environment:
              KEY: v1
              VERSION: 1.10
              SWITCH: no
            labels:
              "label": l1
            volumes:
              - /volume
            exposedPorts:
              - 123/udp
              - 456
            user: 65532:65532
            workingDirectory: /home
            entrypoint: [java, -cp]
            cmd: []
            layers:
              properties:
                filePermissions: 0640
                user: 2
                timestamp: 2020-06-08T14:54:36Z
              entries:
                - name: scripts
                  properties:
                    directoryPermissions: "711"
                    group: 4
                  files:
                    - src: project/run.sh
                      dest: /home/run.sh
                    - src: scripts
                      dest: /home/scripts
                      excludes: ["**/*.ignore"]
                      includes: ["**/include.me"]
                      properties:
                        filePermissions: "755"
            """);
    assertThat(file.base()).isEqualTo("gcr.io/distroless/java25-debian13:nonroot");
    assertThat(file.platforms()).containsExactly("linux/amd64");
    assertThat(file.creationTime()).isEqualTo(Instant.ofEpochSecond(2));
    assertThat(file.oci()).isTrue();
    assertThat(file.environment())
        .isEqualTo(Map.of("KEY", "v1", "VERSION", "1.10", "SWITCH", "no"));
    assertThat(file.labels()).isEqualTo(Map.of("label", "l1"));
    assertThat(file.volumes()).containsExactly("/volume");
    assertThat(file.exposedPorts()).containsExactly("123/udp", "456");
    assertThat(file.user()).contains("65532:65532");
    assertThat(file.workingDirectory()).contains("/home");
    assertThat(file.entrypoint()).contains(List.of("java", "-cp"));
    assertThat(file.command()).contains(List.of());
    Instant june = Instant.parse("2020-06-08T14:54:36Z");
    assertThat(file.layers())
        .containsExactly(
            new BuildFile.Layer(
                "scripts",
                List.of(
                    new BuildFile.Copy(
                        "layers.entries[0].files[0]",
                        "project/run.sh",
                        "/home/run.sh",
                        List.of(),
                        List.of(),
                        new BuildFile.Properties(0640, 0711, "2", "4", june)),
                    new BuildFile.Copy(
                        "layers.entries[0].files[1]",
                        "scripts",
                        "/home/scripts",
                        List.of("**/include.me"),
                        List.of("**/*.ignore"),
                        new BuildFile.Properties(0755, 0711, "2", "4", june)))));
  }

  @Test
  @DisplayName("takes what Jib takes where a key is absent")
  void defaults() {
    BuildFile file = parse("layers:\n  entries:\n  - {name: a, files: [{src: b, dest: /c}]}\n");
    assertThat(file.base()).isEqualTo("scratch");
    assertThat(file.creationTime()).isEqualTo(Instant.EPOCH);
    assertThat(file.oci()).isFalse();
    assertThat(file.entrypoint()).isEmpty();
    assertThat(file.command()).isEmpty();
    assertThat(file.layers().get(0).copies().get(0).properties())
        .isEqualTo(new BuildFile.Properties(0644, 0755, "", "", Instant.ofEpochSecond(1)));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("names the key that is wrong, and what would be right")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          entrypont: [java]                 | entrypont is no key of Jib's; allowed here: apiVersion, kind, from
          from: {imgae: x}                  | from.imgae is no key of Jib's; allowed here: image, platforms
          from: {credHelper: gcr}           | from.credHelper is not supported: no registry is asked
          from: ubuntu                      | from must be a mapping
          from: {platforms: [{os: linux}]}  | from.platforms[0].architecture is missing
          creationTime: yesterday           | creationTime is yesterday; it is a number of milliseconds
          creationTime: 999999999999999     | creationTime is 999999999999999; it is
          creationTime: -1                  | creationTime is -1; it is
          format: docker                    | format is docker; it is Docker or OCI
          environment: [A]                  | environment must be a mapping
          environment: {A: [b]}             | environment.A must be a text
          environment: {A: }                | environment.A must be a text, and not an empty one
          environment: {A: ~}               | environment.A is missing
          entrypoint:                       | entrypoint must be a list
          volumes: [data]                   | volumes[0] is data; it is a path from the root
          exposedPorts: [http]              | exposedPorts[0] is http; it is a port
          exposedPorts: [8080/icmp]         | exposedPorts[0] is 8080/icmp; it is a port
          workingDirectory: ../..           | workingDirectory is ../..; it is a path from the root
          user: [a]                         | user must be a text
          entrypoint: java                  | entrypoint must be a list
          cmd: [{}]                         | cmd[0] must be a text
          layers: {entries: [{files: []}]}  | layers.entries[0] has no files
          layers: {entries: [{archive: x}]} | layers.entries[0].archive is not supported
          layers: {properties: {user: "../x"}} | layers.properties.user is ../x; it is a name or a number
          layers: {properties: {filePermissions: 888}} | layers.properties.filePermissions is 888; permissions are three octal digits
          layers: {entries: [{name: a, files: [{src: b}]}]} | layers.entries[0].files[0].dest is missing
          layers: {entries: [{name: a, files: [{src: b, dest: /../c}]}]} | layers.entries[0].files[0].dest is /../c; it is
          layers: {entries: [{files: [{src: b, dest: /c}]}]} | layers.entries[0].name is missing
          """)
  void wrongKeys(String yaml, String message) {
    assertThat(problem(HEAD + yaml + "\n"))
        .startsWith("jib.yaml: " + message)
        .endsWith(".")
        .doesNotContain("\n");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("refuses the parts of YAML that can hide or multiply something")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'from: &a {image: x}'             | jib.yaml, line 3: an anchor (&) is not allowed
          'user: &a x\ncmd: [*a]'           | jib.yaml, line 4: an alias (*) is not allowed
          'cmd: [*a]'                       | jib.yaml, line 3: an alias (*) is not allowed
          'environment:\n  <<: *a'          | jib.yaml, line 4: an alias (*) is not allowed
          'user: !!binary aGk='             | jib.yaml, line 3: a tag (!) is not allowed
          'user: !!javax.script.Engine []'  | jib.yaml, line 3: a tag (!) is not allowed
          'from: !x {image: a}'             | jib.yaml, line 3: a tag (!) is not allowed
          'user: a\nuser: b'                | jib.yaml, line 4: the key user is there twice
          'user: a\n---\nuser: b'           | jib.yaml, line 5: a second document begins
          'cmd: [[[[[[[[[[[[[[a]]]]]]]]]]]]]]' | jib.yaml, line 3: nested deeper than 12 levels
          'user: "a'                        | jib.yaml, line 3: this is no YAML
          'user: a: b'                      | jib.yaml, line 3: this is no YAML
          """)
  void hostileYaml(String yaml, String message) {
    assertThat(problem(HEAD + yaml.replace("\\n", "\n")))
        .startsWith(message)
        .endsWith(".")
        .doesNotContain("\n");
  }

  @Test
  @DisplayName("says so when the file is something else, or nothing")
  void somethingElse() {
    assertThat(problem("")).isEqualTo("jib.yaml: apiVersion must be jib/v1alpha1.");
    assertThat(problem("just text"))
        .isEqualTo("jib.yaml: the file must be a mapping (key: value).");
    assertThat(problem("- a\n")).isEqualTo("jib.yaml: the file must be a mapping (key: value).");
    assertThat(problem("apiVersion: jib/v1\nkind: BuildFile\n"))
        .isEqualTo("jib.yaml: apiVersion must be jib/v1alpha1.");
    assertThat(problem("apiVersion: jib/v1alpha1\nkind: Pod\n"))
        .isEqualTo("jib.yaml: kind must be BuildFile.");
  }

  @Test
  @DisplayName("ends quickly and shortly on large, deep and strange input")
  void bounded() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          assertThat(problem("[".repeat(60_000))).hasSizeLessThan(200);
          assertThat(problem("{".repeat(60_000))).hasSizeLessThan(200);
          assertThat(problem("- ".repeat(30_000))).hasSizeLessThan(200);
          assertThat(problem("? ".repeat(30_000))).hasSizeLessThan(200);
          assertThat(problem("a".repeat(70_000))).contains("longer than 65536 characters");
          assertThat(problem(HEAD + "x".repeat(60_000) + ": 1\n")).hasSizeLessThan(400);
          assertThat(problem(HEAD + "cmd: [" + "a,".repeat(600) + "]\n"))
              .contains("at most 500 items");
          assertThat(problem(HEAD + "\"\\e[31mred\": 1\n")).doesNotContain("\u001b");
          assertThat(problem(HEAD + "user: \"a\\0b\"\n")).contains("NUL");
          assertThat(problem(HEAD + "user: \u0000\n")).contains("this is no YAML");
        });
  }

  @Test
  @DisplayName("has no key without an effect")
  void noSilentKey() {
    assertThatThrownBy(() -> parse("layers: {entries: [], inheritLayers: true}"))
        .isInstanceOf(BuildFileException.class);
  }
}
