package org.imagediet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.imagediet.assertions.ImageAssertions.assertThat;
import static org.imagediet.assertions.ImageAssertions.megabytes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.imagediet.archive.ArchiveException;
import org.imagediet.archive.ExampleImage;
import org.imagediet.assertions.ContainerImageAssert;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.Images;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the toolkit's README to what it shows: the example is this class's own code. */
class ReadmeIT {

  private static final String NAME = "imagediet-example/app:1.2";
  private static final Path SOURCE = Path.of("src/test/java/org/imagediet/ReadmeIT.java");

  @TempDir private Path folder;

  @BeforeEach
  void load() throws Exception {
    load(ExampleImage.good(NAME));
  }

  private static void load(byte[] archive) {
    try (Engine engine = Engines.connect()) {
      engine.load(new ByteArrayInputStream(archive));
    }
  }

  @AfterEach
  void remove() {
    try (Engine engine = Engines.connect()) {
      engine.untag(NAME);
    }
  }

  // The README's example begins here.
  @Test
  void appImageIsSmallAndSafe() {
    ContainerImage image = Images.of("imagediet-example/app:1.2");

    assertThat(image)
        .runsAs(65532)
        .hasNonRootGroup()
        .hasNoShell()
        .hasNoPackageManager()
        .hasNoSetuidFiles()
        .hasExecFormEntrypoint()
        .hasTrustStore(100)
        .exposes(8080)
        .doesNotHaveFile("/root/.m2/settings.xml")
        .hasUnpackedSizeAtMost(megabytes(20));
  }

  // The README's example ends here.

  @Test
  @DisplayName("the README's example is the code above, with the imports it needs")
  void example() throws IOException {
    String source = Files.readString(SOURCE);
    String code =
        source
            .substring(
                source.indexOf("begins here.\n") + "begins here.\n".length(),
                source.indexOf("\n  // The README's example ends"))
            .lines()
            .map(line -> line.replaceFirst("^  ", ""))
            .collect(Collectors.joining("\n", "", "\n"));
    String block = block("java");
    List<String> imports = block.lines().filter(line -> line.startsWith("import ")).toList();
    assertThat(source.lines()).containsAll(imports);
    assertThat(block.substring(block.indexOf("@Test"))).isEqualTo(code);
    for (String name : List.of("assertThat", "megabytes", "Images", "ContainerImage", "Test")) {
      assertThat(imports).anyMatch(line -> line.endsWith("." + name + ";"));
    }
  }

  @Test
  @DisplayName("the README's failure is what the example says of an image with a shell")
  void failure() throws Exception {
    // Else the good one would stay behind without a name.
    remove();
    load(ExampleImage.bad(NAME));
    AssertionError error = catchThrowableOfType(AssertionError.class, this::appImageIsSmallAndSafe);
    assertThat(block("text")).isEqualTo(error.getMessage().stripLeading() + "\n");
  }

  @Test
  @DisplayName("the README's dependency is this version, and its assertions exist")
  void facts() throws IOException {
    Matcher version =
        Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    assertThat(block("xml")).contains("<version>" + version.group(1) + "</version>");
    List<String> listed =
        Pattern.compile("^\\| `(\\w+)", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ContainerImageAssert.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .distinct()
                .toList());
  }

  @Test
  @DisplayName("an image is read by name, by id in either length, and from an archive alike")
  void ways() throws Exception {
    ContainerImage byName = Images.of(NAME);
    Path archive = folder.resolve("app.tar");
    Files.write(archive, ExampleImage.good(NAME));
    assertThat(byName.name()).isEqualTo(NAME);
    assertThat(Images.of(byName.id()).id()).isEqualTo(byName.id());
    assertThat(Images.of(byName.id().substring(7, 19)).id()).isEqualTo(byName.id());
    assertThat(Images.ofArchive(archive)).runsAs(65532).hasTrustStore(100);
  }

  @Test
  @DisplayName("an image that is not there is said to be missing, and is not pulled")
  void missing() {
    assertThat(catchThrowableOfType(ArchiveException.class, () -> Images.of("imagediet-no/such:1")))
        .hasMessage("There is no local image imagediet-no/such:1; build or pull it first.");
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).as("a block of " + language).isTrue();
    return block.group(1);
  }
}
