package org.imagediet.grading.checks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imagediet.archive.Sha256;
import org.imagediet.engine.Caches;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.workbook.Track;

/**
 * Whether a failing unit test stops the build. Two copies of the context get one more test in every
 * test file; in one copy it passes and in the other it fails, and the two differ in a single
 * number.
 */
public final class TestStage {

  /** The stage that is built when the release itself does not depend on the tests. */
  private static final String STAGE = "test";

  private static final int SEED_BYTES = 32;

  /** BuildKit's headline of a failed step, such as {@code > [test 2/2] RUN go test}. */
  private static final Pattern STOPPED = Pattern.compile("\\s*> \\[(\\S+) +\\d+/\\d+\\] ");

  private TestStage() {}

  /**
   * A failing test, wherever tests are, stops the release, or at least the stage {@code test}; a
   * passing one does not.
   */
  public static Verdict gates(Bench bench) {
    // What was never built, or may not be, has no verdict on its tests.
    bench.release();
    Planted planted = Planted.in(bench);
    StageTrials trials = StageTrials.of(bench);
    Failing failing = Failing.tests(bench, Optional.empty(), planted, trials);
    if (failing.missed().isPresent() && bench.dockerfile().stage(STAGE).isPresent()) {
      failing = Failing.tests(bench, Optional.of(STAGE), planted, trials);
    }
    if (failing.missed().isPresent()) {
      String folder = failing.missed().get();
      return Verdict.fail(
          failing.stage().isPresent()
              ? "a unit test in %s that fails stops neither the release nor the stage %s"
                  .formatted(folder, STAGE)
              : "a unit test in %s that fails does not stop the release, and no stage is named %s"
                  .formatted(folder, STAGE),
          "Is the failing test run at all, and what becomes of its exit code?");
    }
    // What stopped must go on with a passing test; the stages behind it have been built before.
    Optional<String> stage = failing.stage().or(failing::stopped);
    if (stage.filter(trials::goesOn).isEmpty()) {
      Bench.Built passing = build(bench, stage, planted.passing());
      if (!passing.succeeded()) {
        // On a busy machine one of the service's own tests may have been too slow.
        passing = build(bench, stage, planted.passing());
      }
      if (!passing.succeeded()) {
        return Verdict.fail(
            "one more test, which passes, stops the build too; " + passing.problem(),
            "What else does the stage do that can fail?");
      }
      stage.ifPresent(trials::rememberGoesOn);
    }
    return Verdict.pass(
        failing.stage().isPresent()
            ? "a failing unit test stops the stage test; the release alone can be built without it"
            : "a failing unit test stops the release");
  }

  /**
   * Builds with a failing test, one for each folder that has tests.
   *
   * @param stage what was built; empty is the release
   * @param missed a folder whose failing test stopped nothing
   * @param stopped the stage in which the last one stopped, where the builder names it
   */
  private record Failing(
      Optional<String> stage, Optional<String> missed, Optional<String> stopped) {

    static Failing tests(Bench bench, Optional<String> stage, Planted planted, StageTrials trials) {
      Optional<String> stopped = Optional.empty();
      for (String folder : planted.folders(bench.service())) {
        stopped = trials.stopped(stage, folder);
        if (stopped.isPresent()) {
          continue;
        }
        Bench.Built built = build(bench, stage, planted.failing(folder));
        if (built.succeeded()) {
          return new Failing(stage, Optional.of(folder), Optional.empty());
        }
        stopped = TestStage.stopped(bench, built);
        // Others are told only what the test itself was seen to do.
        if (built.lastLines().stream().anyMatch(line -> line.contains(planted.product()))) {
          stopped.ifPresent(name -> trials.rememberStopped(name, folder));
        }
      }
      return new Failing(stage, Optional.empty(), stopped);
    }
  }

  /** The stage in which a build stopped, where the builder names it. */
  private static Optional<String> stopped(Bench bench, Bench.Built built) {
    return built.lastLines().stream()
        .map(STOPPED::matcher)
        .filter(Matcher::lookingAt)
        .map(line -> line.group(1))
        // So the builder calls stages without a name, too.
        .filter(name -> !name.matches("stage-\\d+"))
        .filter(name -> bench.dockerfile().stage(name).isPresent())
        .findFirst();
  }

  private static Bench.Built build(Bench bench, Optional<String> stage, Plant plant) {
    return bench.build(
        stage,
        context -> {
          try {
            plant.into(context);
          } catch (IOException e) {
            throw new EnvironmentException("A test cannot be planted: " + e.getMessage() + ".", e);
          }
        },
        line -> {});
  }

  /** Changes a copy of the context. */
  @FunctionalInterface
  private interface Plant {
    void into(Path context) throws IOException;
  }

  /**
   * The two tests; their numbers depend on the machine and the submission, so that builders can
   * cache.
   */
  private record Planted(Track track, String word, int a, int b) {

    static Planted in(Bench bench) {
      MessageDigest digest = Sha256.begin();
      digest.update(seed());
      byte[] hash = digest.digest(bench.recipe().text().getBytes(StandardCharsets.UTF_8));
      return new Planted(
          bench.submission().track(),
          // A name that no option could leave out.
          word(hash),
          100 + (hash[0] & 0xff),
          1000 + (hash[1] & 0xff));
    }

    private static String word(byte[] hash) {
      StringBuilder word = new StringBuilder("A");
      for (int i = 2; i < 10; i++) {
        word.append((char) ('a' + (hash[i] & 0xff) % 26));
      }
      return word.toString();
    }

    /** A secret of this machine, so that no submission can know the numbers. */
    private static byte[] seed() {
      Path file = Caches.file("seed");
      try {
        try {
          return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
          byte[] seed = new byte[SEED_BYTES];
          new SecureRandom().nextBytes(seed);
          Files.createDirectories(file.getParent());
          Files.write(file, seed);
          return seed;
        }
      } catch (IOException e) {
        throw new EnvironmentException(
            "The file %s cannot be read or written: %s.".formatted(file, e.getMessage()), e);
      }
    }

    /** What a failing test says that it got. */
    String product() {
      return Integer.toString(a * b);
    }

    Plant passing() {
      return plant("", a * b);
    }

    Plant failing(String folder) {
      return plant(folder, a * b + 1);
    }

    /** The folders that tests lie in, below the service's own. */
    List<String> folders(Path service) {
      try {
        return files(service).stream()
            .map(file -> service.relativize(file.getParent()).toString())
            .distinct()
            .toList();
      } catch (IOException e) {
        throw new EnvironmentException("The service cannot be read: " + e.getMessage() + ".", e);
      }
    }

    private Plant plant(String folder, int expected) {
      return context -> {
        for (Path file : files(context)) {
          if (file.startsWith(context.resolve(folder))) {
            plant(file, expected);
          }
        }
      };
    }

    private void plant(Path file, int expected) throws IOException {
      String text = Files.readString(file);
      Files.writeString(
          file,
          switch (track) {
            case GO ->
                text
                    + "\nfunc Test%s(t *testing.T) {\n\tif got := %d * %d; got != %d {\n\t\tt.Fatalf(\"%%d\", got)\n\t}\n}\n"
                        .formatted(word + name(file), a, b, expected);
            case JAVA ->
                text.substring(0, text.lastIndexOf('}'))
                    + "\n  void %s() {\n    int got = %d * %d;\n    if (got != %d) {\n      throw new AssertionError(\"it is \" + got);\n    }\n  }\n}\n"
                        .formatted(word.toLowerCase(Locale.ROOT), a, b, expected);
            case PYTHON ->
                text
                    + "\n\nclass %sTest(unittest.TestCase):\n    def test_product(self):\n        self.assertEqual(%d * %d, %d)\n"
                        .formatted(word, a, b, expected);
            case RUST ->
                text
                    + "\n#[test]\nfn %s() {\n    assert_eq!(%d * %d, %d);\n}\n"
                        .formatted(word.toLowerCase(Locale.ROOT), a, b, expected);
          });
    }

    private List<Path> files(Path folder) throws IOException {
      // The drill build's tests lie elsewhere, and are no business of a release.
      Path root =
          switch (track) {
            case GO, RUST -> folder;
            case JAVA -> folder.resolve("src/test");
            case PYTHON -> folder.resolve("tests");
          };
      List<Path> files;
      try (Stream<Path> tree = Files.walk(root)) {
        files = tree.filter(Files::isRegularFile).filter(this::named).sorted().toList();
      }
      if (track != Track.RUST) {
        return files;
      }
      // Beside the code, where most of its unit tests are, a file's name does not tell.
      List<Path> tests = new ArrayList<>();
      for (Path file : files) {
        if (Files.readString(file).contains("#[test]")) {
          tests.add(file);
        }
      }
      return tests;
    }

    private boolean named(Path file) {
      String name = file.getFileName().toString();
      return switch (track) {
        case GO -> name.endsWith("_test.go");
        case JAVA -> name.endsWith("Test.java");
        case PYTHON -> name.startsWith("test_") && name.endsWith(".py");
        case RUST -> name.endsWith(".rs");
      };
    }

    private static String name(Path file) {
      return file.getFileName().toString().replaceAll("[^A-Za-z]", "");
    }
  }
}
