package org.imagediet.grading.checks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

  private TestStage() {}

  /**
   * A failing test stops the release, or at least the stage {@code test}; a passing one does not.
   */
  public static Verdict gates(Bench bench) {
    Planted planted = Planted.in(bench);
    boolean stops = !build(bench, Optional.empty(), planted.failing()).succeeded();
    Optional<String> stage = Optional.empty();
    if (!stops && bench.dockerfile().stage(STAGE).isPresent()) {
      stage = Optional.of(STAGE);
      stops = !build(bench, stage, planted.failing()).succeeded();
    }
    if (!stops) {
      return Verdict.fail(
          stage.isPresent()
              ? "a unit test that fails stops neither the release nor the stage " + STAGE
              : "a unit test that fails does not stop the release, and no stage is named " + STAGE,
          "Is the failing test run at all, and what becomes of its exit code?");
    }
    Bench.Built passing = build(bench, stage, planted.passing());
    if (!passing.succeeded()) {
      return Verdict.fail(
          "one more test, which passes, stops the build too; " + passing.problem(),
          "What else does the stage do that can fail?");
    }
    return Verdict.pass(
        stage.isPresent()
            ? "a failing unit test stops the stage test; the release alone can be built without it"
            : "a failing unit test stops the release");
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
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(seed());
        byte[] hash = digest.digest(bench.recipe().text().getBytes(StandardCharsets.UTF_8));
        return new Planted(
            bench.submission().track(),
            // A name that no option could leave out.
            word(hash),
            100 + (hash[0] & 0xff),
            1000 + (hash[1] & 0xff));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
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

    Plant passing() {
      return plant(a * b);
    }

    Plant failing() {
      return plant(a * b + 1);
    }

    private Plant plant(int expected) {
      return track == Track.GO
          ? context -> go(context, expected)
          : context -> java(context, expected);
    }

    private void go(Path context, int expected) throws IOException {
      for (Path file : files(context, "_test.go")) {
        String test =
            "\nfunc Test%s(t *testing.T) {\n\tif got := %d * %d; got != %d {\n\t\tt.Fatalf(\"%%d\", got)\n\t}\n}\n"
                .formatted(word + name(file), a, b, expected);
        Files.writeString(file, test, StandardOpenOption.APPEND);
      }
    }

    private void java(Path context, int expected) throws IOException {
      for (Path file : files(context, "Test.java")) {
        String text = Files.readString(file);
        String test =
            "\n  void %s() {\n    int got = %d * %d;\n    if (got != %d) {\n      throw new AssertionError(\"it is \" + got);\n    }\n  }\n}\n"
                .formatted(
                    Character.toLowerCase(word.charAt(0)) + word.substring(1), a, b, expected);
        Files.writeString(file, text.substring(0, text.lastIndexOf('}')) + test);
      }
    }

    private static String name(Path file) {
      return file.getFileName().toString().replaceAll("[^A-Za-z]", "");
    }

    private static List<Path> files(Path context, String suffix) throws IOException {
      try (Stream<Path> tree = Files.walk(context)) {
        return tree.filter(Files::isRegularFile)
            .filter(file -> file.getFileName().toString().endsWith(suffix))
            .sorted()
            .toList();
      }
    }
  }
}
