package org.imagediet.solutions;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.imagediet.archive.Sha256;
import org.imagediet.bases.BaseImage;
import org.imagediet.bases.Bases;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.function.Executable;

/**
 * Spares a grading that ended as it should before, in this copy of the workbook, when nothing that
 * it depends on has changed since: the grader with its libraries, the workbook but for its
 * documents and other submissions, the submission, the engine, the base images that there were, the
 * scanner. It counts as skipped, so that nobody takes it for one that was run.
 *
 * <p>A fresh clone grades everything, and so does {@code -Dfresh=true}.
 *
 * @param markers a folder with one file for each grading that passed; it lists the base images that
 *     were local then, since more of them come when somebody needs them
 * @param surroundings a digest of what every grading depends on
 * @param bases returns the base images that are local, each with its id
 * @param fresh whether everything is graded
 */
record Unchanged(Path markers, String surroundings, Supplier<List<String>> bases, boolean fresh) {

  /** Returns what spares the gradings of this run; its surroundings are looked at once. */
  static Unchanged standard() {
    return Standard.INSTANCE;
  }

  private static final class Standard {
    /** Open as long as the tests run. */
    static final Engine ENGINE = Engines.connect();

    static final Unchanged INSTANCE =
        new Unchanged(
            Path.of("target", "unchanged"),
            lookAround(ENGINE),
            () -> bases(ENGINE),
            Boolean.getBoolean("fresh"));
  }

  /**
   * Runs a test, unless it passed before in the same surroundings.
   *
   * @param submission what of the test's the verdict depends on
   */
  void orRun(String name, Digested submission, Executable test) throws Throwable {
    if (!fresh && passed(marker(name, submission))) {
      Assumptions.abort("as before: the same grader, on the same files");
    }
    test.execute();
    Files.createDirectories(markers);
    // Looked at anew: the first scan of all fetches a scanner, with which it will be compared.
    Files.write(marker(name, submission), bases.get());
  }

  private boolean passed(Path marker) throws IOException {
    return Files.exists(marker) && bases.get().containsAll(Files.readAllLines(marker));
  }

  private Path marker(String name, Digested submission) throws IOException {
    MessageDigest digest = Sha256.begin();
    add(digest, surroundings);
    add(digest, name);
    submission.into(digest);
    return markers.resolve(HexFormat.of().formatHex(digest.digest()));
  }

  /** Something that can be put into a digest. */
  interface Digested {

    void into(MessageDigest digest) throws IOException;

    /** A folder with all that is in it. */
    static Digested folder(Path folder) {
      return digest -> addFiles(digest, folder, file -> true);
    }

    /** A text, or what has one. */
    static Digested text(Object text) {
      return digest -> add(digest, text.toString());
    }

    /** This and, in the one lab that scans, the scanner with its databases. */
    default Digested in(Content.Lab lab) {
      return digest -> {
        into(digest);
        if (lab == Content.Lab.HARDENING) {
          // What is empty there only says when somebody was asked in vain.
          addFiles(digest, Caches.file("scan"), file -> file.toFile().length() > 0);
        }
      };
    }
  }

  private static List<String> bases(Engine engine) {
    return Bases.standard(engine).catalogue().images().stream()
        .map(BaseImage::name)
        .flatMap(name -> engine.imageId(name).map(id -> name + " " + id).stream())
        .toList();
  }

  private static String lookAround(Engine engine) {
    MessageDigest digest = Sha256.begin();
    try {
      add(digest, System.getProperty("java.runtime.version"));
      addClassPath(digest);
      Path root = Workbook.find().root();
      addFiles(digest, root, file -> !elsewhere(root.relativize(file)));
      add(digest, engine.description());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What is part of the class path, of one test alone, or of none. */
  private static boolean elsewhere(Path file) {
    List<String> names = Stream.of(file.toString().split("/")).toList();
    return names.contains("target")
        || names.contains("src")
        || names.contains("wrong")
        || names.get(0).startsWith(".git")
        || file.toString().endsWith(".md");
  }

  private static void addClassPath(MessageDigest digest) throws IOException {
    String paths =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String path : paths.split(File.pathSeparator)) {
      if (path.endsWith(".jar")) {
        addJar(digest, Path.of(path));
      } else {
        addFiles(digest, Path.of(path), file -> true);
      }
    }
  }

  /** A jar that is made anew has new times in it, but the same entries. */
  private static void addJar(MessageDigest digest, Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (Enumeration<JarEntry> all = file.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        add(digest, "%s %d %08x".formatted(entry.getName(), entry.getSize(), entry.getCrc()));
      }
    }
  }

  /** Adds the files below a folder that may be there. */
  private static void addFiles(MessageDigest digest, Path folder, Predicate<Path> included)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).filter(included).sorted().toList()) {
        add(digest, folder.relativize(file).toString());
        add(digest, Sha256.hex(Files.readAllBytes(file)));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Adds a text, so that two never look like one. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
