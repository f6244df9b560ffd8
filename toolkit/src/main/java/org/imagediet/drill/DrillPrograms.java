package org.imagediet.drill;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.archive.TarBytes;
import org.imagediet.bases.Bases;
import org.imagediet.engine.BuildRequest;
import org.imagediet.engine.BuildResult;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileNames;
import org.imagediet.observation.Once;
import org.imagediet.workbook.BuildContext;
import org.imagediet.workbook.JavaClasses;
import org.imagediet.workbook.Recipe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;

/**
 * Makes drill builds of the pristine service, each at most once. They are ours and not the
 * submission's, so that no Dockerfile has to know of them and no released image can hold one.
 */
public final class DrillPrograms {

  /** The recipe of the Go build. */
  private static final String RECIPE = "Dockerfile";

  private static final String RUST_RECIPE = "Dockerfile.rust";

  /** Where the program is in the image that a recipe makes. */
  private static final String PROGRAM = "/app";

  private static final Pattern JAVA = Pattern.compile(".*/bin/java");
  private static final Pattern PYTHON = Pattern.compile(".*/bin/python[0-9.]*");

  private static final String JAVA_MAIN = "org.imagediet.service.DrillMain";

  private final Workbook workbook;
  private final Engine engine;
  private final Bases bases;
  private final ImageBuilder builder;
  private final Progress progress;
  private final Once<DrillProgram> go = Once.of(() -> build(Track.GO, RECIPE));
  private final Once<DrillProgram> rust = Once.of(() -> build(Track.RUST, RUST_RECIPE));
  private final Once<byte[]> javaClasses = Once.of(this::compileJava);
  private final Once<byte[]> pythonSources = Once.of(this::readPython);

  /** Prepares; nothing is built yet. */
  public DrillPrograms(
      Workbook workbook, Engine engine, Bases bases, ImageBuilder builder, Progress progress) {
    this.workbook = workbook;
    this.engine = engine;
    this.bases = bases;
    this.builder = builder;
    this.progress = progress;
  }

  /**
   * Returns the drill build that an image can run: the one in its own language where it has the
   * runtime that this needs, else one that is static and runs anywhere, in Rust for a Rust service
   * and in Go for the others.
   *
   * @throws EnvironmentException when it cannot be built
   */
  public DrillProgram of(Track track, ContainerImage image) {
    return switch (track) {
      case JAVA -> program(image, JAVA).map(this::java).orElseGet(go::get);
      case PYTHON -> program(image, PYTHON).map(this::python).orElseGet(go::get);
      case RUST -> rust.get();
      case GO -> go.get();
    };
  }

  private DrillProgram java(FileEntry launcher) {
    return new DrillProgram(
        List.of(launcher.path(), "-cp", DrillProgram.FOLDER, JAVA_MAIN), javaClasses.get());
  }

  private DrillProgram python(FileEntry interpreter) {
    return new DrillProgram(List.of(interpreter.path(), DrillProgram.FOLDER), pythonSources.get());
  }

  /** A runtime by the path of its program: the one that the image starts, or any that it has. */
  private static Optional<FileEntry> program(ContainerImage image, Pattern path) {
    return Stream.concat(
            image.serviceProgram().stream(),
            image.files().entries().stream().filter(FileEntry::regular))
        .filter(file -> path.matcher(file.path()).matches() && FileNames.plain(file.path()))
        .filter(
            file -> file.content().flatMap(Content::elf).filter(ElfFile::executable).isPresent())
        .findFirst();
  }

  private byte[] compileJava() {
    Path service = workbook.service(Track.JAVA);
    try (TempFolder folder = TempFolder.create()) {
      Path classes = folder.path();
      JavaClasses.compile(
          List.of(service.resolve("src/main/java"), service.resolve("src/drill/java")), classes);
      return tarOf(classes);
    } catch (IOException e) {
      throw new EnvironmentException("The drill build cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** The two packages side by side, and what Python starts when it is given a folder. */
  private byte[] readPython() {
    Path service = workbook.service(Track.PYTHON);
    try (TempFolder folder = TempFolder.create()) {
      for (String name : List.of("service", "drill")) {
        Path copy = Files.createDirectory(folder.path().resolve(name));
        try (DirectoryStream<Path> files =
            Files.newDirectoryStream(service.resolve(name), "*.py")) {
          for (Path file : files) {
            Files.copy(file, copy.resolve(file.getFileName()));
          }
        }
      }
      Files.copy(folder.path().resolve("drill/__main__.py"), folder.path().resolve("__main__.py"));
      return tarOf(folder.path());
    } catch (IOException e) {
      throw new EnvironmentException("The drill build cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static byte[] tarOf(Path root) throws IOException {
    TarBytes tar = new TarBytes();
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted().toList()) {
        String inside = root.relativize(path).toString();
        String name = DrillProgram.FOLDER + (inside.isEmpty() ? "" : "/" + inside);
        if (Files.isDirectory(path)) {
          tar.folder(name);
        } else {
          tar.file(name, 0444, Files.readAllBytes(path));
        }
      }
    }
    return tar.bytes();
  }

  private DrillProgram build(Track track, String resource) {
    String name = engine.temporaryName("drill-" + track.id());
    try (TempFolder folder = TempFolder.create();
        InputStream recipe = DrillPrograms.class.getResourceAsStream(resource)) {
      Path dockerfile = folder.path().resolve(RECIPE);
      Files.write(dockerfile, recipe.readAllBytes());
      bases.ensure(Recipe.read(dockerfile, RECIPE).images(), progress);
      try (Progress.Task task = progress.begin("build the drill");
          BuildContext context = BuildContext.of(workbook.service(track), dockerfile)) {
        BuildResult result = builder.build(BuildRequest.of(context.path(), name), task::detail);
        if (!result.succeeded()) {
          throw new EnvironmentException(
              "The drill build of services/%s does not build; is it changed? %s"
                  .formatted(track.id(), String.join("\n", result.lastLines())));
        }
        task.done("");
      }
      byte[] program = program(name);
      String path = DrillProgram.FOLDER + PROGRAM;
      return new DrillProgram(
          List.of(path),
          new TarBytes().folder(DrillProgram.FOLDER).file(path, 0555, program).bytes());
    } catch (IOException e) {
      throw new EnvironmentException("The drill build cannot be read: " + e.getMessage() + ".", e);
    } finally {
      engine.untag(name);
    }
  }

  private byte[] program(String image) throws IOException {
    try (Container container = engine.create(ContainerSpec.image(image).build());
        TarArchiveInputStream tar = new TarArchiveInputStream(container.copyOut(PROGRAM))) {
      tar.getNextEntry();
      return tar.readAllBytes();
    }
  }
}
