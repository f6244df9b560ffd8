package org.imagediet.engine.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.imagediet.EngineUnderTest;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts what is in the folder for temporary files")
class JibBuildIT {

  private static final String BASE = "gcr.io/distroless/static-debian13:nonroot";
  private static final String NAME =
      "three-image-diet/jib-build-it:" + ProcessHandle.current().pid();
  private static final String YAML =
      """
      apiVersion: jib/v1alpha1
      kind: BuildFile
      from: {image: "%s"}
      user: 65532:65532
      exposedPorts: [8080]
      environment: {GREETING: "a b"}
      labels: {org.imagediet.test: jib}
      workingDirectory: /home/nonroot
      entrypoint: [/app/run, --fast]
      cmd: []
      layers:
        entries:
        - name: app
          properties: {filePermissions: 755, user: 65532, group: 65532}
          files:
          - {src: app, dest: /app}
      """;

  private static Engine engine;

  @TempDir private Path context;

  @BeforeAll
  static void connect() {
    engine = EngineUnderTest.withBases(BASE);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(context.resolve("app"));
    Files.writeString(context.resolve("app/run"), "no program, and never run");
  }

  @AfterEach
  void remove() {
    engine.untag(NAME);
  }

  private String build(String base) {
    return new JibBuild(engine).build(YAML.formatted(base), context, NAME);
  }

  private static long leftovers() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().matches("(jib|three-image).*"))
          .count();
    }
  }

  @Test
  @DisplayName("puts the context's files on the local base, and the settings into the image")
  void builds() throws IOException {
    String id = build(BASE);
    assertThat(engine.imageId(NAME)).contains(id);
    assertThat(engine.label(NAME, "org.imagediet.test")).contains("jib");
    assertThat(engine.layers(NAME)).startsWith(engine.layers(BASE).toArray(String[]::new));
    ContainerImage image;
    try (InputStream archive = engine.save(NAME)) {
      image = ImageArchive.read(archive, ReadOptions.defaults().name(NAME));
    }
    assertThat(image.config().user()).isEqualTo("65532:65532");
    assertThat(image.config().entrypoint()).containsExactly("/app/run", "--fast");
    assertThat(image.config().environment()).containsEntry("GREETING", "a b");
    assertThat(image.config().exposedPorts()).containsExactly("8080/tcp");
  }

  @Test
  @DisplayName("gives the same image twice, another when a file changes, and leaves no file behind")
  void reproducible() throws IOException {
    long before = leftovers();
    String first = build(BASE);
    engine.untag(NAME);
    assertThat(build(BASE)).isEqualTo(first);
    Files.writeString(context.resolve("app/run"), "another");
    assertThat(build(BASE)).isNotEqualTo(first);
    engine.untag(first);
    assertThat(leftovers()).isEqualTo(before);
  }

  @Test
  @DisplayName("builds again what was removed while it was given its name")
  void again() {
    AtomicInteger loads = new AtomicInteger();
    Engine forgetful =
        (Engine)
            Proxy.newProxyInstance(
                Engine.class.getClassLoader(),
                new Class<?>[] {Engine.class},
                (proxy, method, arguments) -> {
                  boolean load = method.getName().equals("load");
                  // Removed by somebody else.
                  if (load && loads.incrementAndGet() == 1) {
                    return null;
                  }
                  return method.invoke(engine, arguments);
                });
    assertThat(new JibBuild(forgetful).build(YAML.formatted(BASE), context, NAME))
        .isEqualTo(engine.imageId(NAME).orElseThrow());
    assertThat(loads).hasValue(2);
  }

  @Test
  @DisplayName("asks no registry for a base that is not local")
  void absentBase() {
    assertThatThrownBy(() -> build("registry.invalid/no/such:image"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("registry.invalid/no/such:image is not on this machine");
  }

  @Test
  @DisplayName("refuses a base that is no image name, and a platform that is not the engine's")
  void wrongBase() {
    assertThatThrownBy(() -> build("UPPER case"))
        .isInstanceOf(BuildFileException.class)
        .hasMessageStartingWith("jib.yaml: from.image is UPPER case");
    String elsewhere =
        YAML.formatted(BASE)
            .replace(BASE + "\"}", BASE + "\", platforms: [{architecture: mips, os: linux}]}");
    assertThatThrownBy(() -> new JibBuild(engine).build(elsewhere, context, NAME))
        .isInstanceOf(BuildFileException.class)
        .hasMessageContaining("from.platforms asks for linux/mips");
  }
}
