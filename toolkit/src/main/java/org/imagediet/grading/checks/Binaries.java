package org.imagediet.grading.checks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench;
import org.imagediet.grading.FailedEarlier;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.report.Bytes;
import org.imagediet.workbook.Track;

/** The program that an image starts: how it is linked, what it still carries, what it weighs. */
public final class Binaries {

  /** A file of the Go service by the path that it has inside its module. */
  private static final byte[] SOURCE =
      "/internal/service/service.go".getBytes(StandardCharsets.US_ASCII);

  private static final long MOST_BYTES = 300L << 20;
  private static final int LONGEST_PATH = 300;

  private Binaries() {}

  private record Program(FileEntry file, ElfFile elf) {}

  private static Program program(Bench bench) {
    return bench
        .image()
        .serviceProgram()
        .flatMap(file -> file.content().flatMap(Content::elf).map(elf -> new Program(file, elf)))
        .orElseThrow(
            () ->
                new FailedEarlier(
                    "serves",
                    Bench.notServing(
                        "what the image starts is no program: "
                            + String.join(" ", bench.image().config().argv()))));
  }

  /** No symbols, no debug sections, and no path of the builder's machine in it. */
  public static Verdict lean(Bench bench) {
    Program program = program(bench);
    String path = program.file().path();
    if (!program.elf().stripped()) {
      String kept =
          program.elf().symbolTable()
              ? "a symbol table (.symtab)"
              : String.join(", ", program.elf().debugSections());
      return Verdict.fail(
          "%s, %s, still carries %s".formatted(path, Bytes.megabytes(program.file().size()), kept),
          "What does the linker leave in for a debugger, and which option stops it?");
    }
    Optional<String> source = sourcePath(bench, path);
    if (source.isPresent()) {
      return Verdict.fail(
          path + " still tells where it was built: " + source.get(),
          "Which option of the build takes the builder's paths out?");
    }
    return Verdict.pass(
        "%s, %s, has no symbols and no paths of its builder%s"
            .formatted(
                path,
                Bytes.megabytes(program.file().size()),
                program.elf().packed()
                    ? "; it is packed, and pays for that with memory and start time"
                    : ""));
  }

  /** Looks for an absolute path that ends as a source file of the service does. */
  private static Optional<String> sourcePath(Bench bench, String path) {
    try (Container container =
            bench.laboratory().engine().create(ContainerSpec.image(bench.release()).build());
        TarArchiveInputStream tar = new TarArchiveInputStream(container.copyOut(path))) {
      if (tar.getNextEntry() == null) {
        return Optional.empty();
      }
      return absolutePath(tar);
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while copying a file; run again.", e);
    }
  }

  private static Optional<String> absolutePath(InputStream in) throws IOException {
    byte[] window = new byte[LONGEST_PATH + (1 << 16)];
    int kept = 0;
    int searched = 0;
    long read = 0;
    while (read < MOST_BYTES) {
      int count = in.read(window, kept, window.length - kept);
      if (count < 0) {
        return Optional.empty();
      }
      read += count;
      int length = kept + count;
      // What was searched before is kept only for the beginnings of the paths that follow.
      for (int i = searched; i + SOURCE.length <= length; i++) {
        if (matches(window, i)) {
          int start = i;
          while (start > 0 && window[start - 1] > ' ' && window[start - 1] < 127) {
            start--;
          }
          if (window[start] == '/' && start < i) {
            return Optional.of(
                new String(window, start, i - start + SOURCE.length, StandardCharsets.US_ASCII));
          }
        }
      }
      kept = Math.min(LONGEST_PATH, length);
      searched = Math.max(0, kept - SOURCE.length + 1);
      System.arraycopy(window, length - kept, window, 0, kept);
    }
    return Optional.empty();
  }

  private static boolean matches(byte[] window, int at) {
    for (int i = 0; i < SOURCE.length; i++) {
      if (window[at + i] != SOURCE[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * It needs no file that the image does not have: a static program, or a runtime whose loader and
   * libraries are all there.
   */
  public static Verdict selfContained(Bench bench) {
    Program program = program(bench);
    ElfFile elf = program.elf();
    String path = program.file().path();
    if (elf.selfContained()) {
      return Verdict.pass(path + " is " + elf.kind() + ": it needs no other file");
    }
    boolean runtime = launcher(bench.image(), program);
    if (!runtime) {
      return Verdict.fail(
          "%s is %s: it asks for %s%s"
              .formatted(
                  path,
                  elf.kind(),
                  elf.interpreter().map(loader -> "the loader " + loader).orElse("no loader"),
                  elf.needed().isEmpty()
                      ? " and for no library, as -buildmode=pie makes it"
                      : " and the libraries " + String.join(", ", elf.needed())),
          "What decides whether the linker makes a program that stands alone?");
    }
    Set<String> missing = missing(bench.image(), path);
    return missing.isEmpty()
        ? Verdict.pass(path + " is a Java runtime; its loader and all its libraries are there")
        : Verdict.fail(
            path + " is a Java runtime that lacks " + String.join(", ", missing),
            "What does the loader say about each library of the runtime, in the builder?");
  }

  private static boolean launcher(ContainerImage image, Program program) {
    return program.file().path().endsWith("/bin/java")
        && image.interpreters().stream().anyMatch(found -> found.program().name().equals("java"));
  }

  /**
   * What a Java runtime, its libraries and what those need in their turn ask for and no file of the
   * image is. Libraries that others brought along may lack what they like.
   *
   * @param java the path of the runtime's {@code bin/java}
   */
  private static Set<String> missing(ContainerImage image, String java) {
    String home = java.substring(0, java.lastIndexOf("/bin/") + 1);
    Map<String, FileEntry> byName = new HashMap<>();
    Deque<FileEntry> asking = new ArrayDeque<>();
    for (FileEntry entry : image.files().entries()) {
      byName.putIfAbsent(entry.path().substring(entry.path().lastIndexOf('/') + 1), entry);
      if (entry.path().startsWith(home)) {
        asking.add(entry);
      }
    }
    Set<String> missing = new LinkedHashSet<>();
    Set<String> asked = new HashSet<>();
    while (!asking.isEmpty()) {
      FileEntry entry = asking.remove();
      Optional<ElfFile> elf =
          image.files().lookup(entry.path()).flatMap(FileEntry::content).flatMap(Content::elf);
      if (elf.isEmpty() || !asked.add(entry.path())) {
        continue;
      }
      elf.get()
          .interpreter()
          .filter(loader -> image.files().lookup(loader).isEmpty())
          .ifPresent(missing::add);
      for (String needed : elf.get().needed()) {
        Optional.ofNullable(byName.get(needed))
            .ifPresentOrElse(asking::add, () -> missing.add(needed));
      }
    }
    return missing;
  }

  /** Its unpacked bytes stay within the band for what it starts. */
  public static Verdict size(Bench bench, Map<String, Integer> bands) {
    ContainerImage image = bench.image();
    String band = band(bench, image);
    Integer most = bands.get(band);
    if (most == null) {
      throw new IllegalStateException("the rubric has no band for " + band);
    }
    long unpacked = image.sizes().unpackedBytes();
    String measured =
        Bytes.megabytes(unpacked)
            + " unpacked; the limit for "
            + names(band)
            + " is "
            + most
            + " MB";
    return unpacked <= most * 1_000_000L
        ? Verdict.pass(measured)
        : Verdict.fail(measured + "\n" + heaviest(image), "Which layer weighs most, and why?");
  }

  private static String heaviest(ContainerImage image) {
    return image.layers().stream()
        .sorted((a, b) -> Long.compare(b.unpackedBytes(), a.unpackedBytes()))
        .limit(3)
        .map(
            layer ->
                "layer %d weighs %s: %s"
                    .formatted(
                        layer.index() + 1,
                        Bytes.megabytes(layer.unpackedBytes()),
                        layer.instruction()))
        .collect(Collectors.joining("\n"));
  }

  private static String band(Bench bench, ContainerImage image) {
    if (bench.submission().track() == Track.PYTHON) {
      // What is started may be a script, and is as heavy as its interpreter all the same.
      return "python";
    }
    Program program = program(bench);
    if (!launcher(image, program)) {
      // Rust asks for the C library unless it is told not to, and a base with one is of that size.
      boolean dynamic = bench.submission().track() == Track.RUST && !program.elf().selfContained();
      return dynamic ? "dynamic" : "static";
    }
    boolean own =
        image
            .files()
            .lookup(program.file().path())
            .filter(f -> f.layer() >= bench.base().layers())
            .isPresent();
    return own ? "jlink" : "jre";
  }

  private static String names(String band) {
    return switch (band) {
      case "jlink" -> "a Java runtime of one's own";
      case "jre" -> "a Java image's own runtime";
      case "python" -> "Python";
      case "dynamic" -> "a dynamic program";
      default -> "a program";
    };
  }
}
