package org.imagediet.workbook;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.imagediet.archive.Sha256;
import org.imagediet.engine.EnvironmentException;

/**
 * The workbook's folder and its well-known places.
 *
 * @param root the folder with {@code lab} in it
 */
public record Workbook(Path root) {

  private static final String ROOT_PROPERTY = "lab.root";
  private static final int NAMESPACE_DIGITS = 16;

  /**
   * Finds the workbook: the one that the launcher names, else the one around the working directory,
   * else the one that these classes were built in.
   *
   * @throws EnvironmentException when there is none
   */
  public static Workbook find() {
    String given = System.getProperty(ROOT_PROPERTY);
    if (given != null) {
      return around(Path.of(given))
          .orElseThrow(
              () ->
                  new EnvironmentException(
                      "There is no workbook in %s, which %s names; start it with ./lab."
                          .formatted(given, ROOT_PROPERTY)));
    }
    Path here = Path.of("").toAbsolutePath();
    return around(here)
        .or(() -> classes().flatMap(Workbook::around))
        .orElseThrow(
            () ->
                new EnvironmentException(
                    "There is no workbook around " + here + "; run this inside its folder."));
  }

  /** Finds the workbook that a folder lies in. */
  static Optional<Workbook> around(Path start) {
    for (Path folder = start.toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("lab"))
          && Files.isDirectory(folder.resolve("toolkit"))) {
        return Optional.of(new Workbook(folder));
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> classes() {
    try {
      return Optional.ofNullable(Workbook.class.getProtectionDomain().getCodeSource())
          .map(CodeSource::getLocation)
          .map(URL::toString)
          .map(URI::create)
          .map(Path::of);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      // Loaded from somewhere that is no file.
      return Optional.empty();
    }
  }

  /** Returns the source of a track's service. */
  public Path service(Track track) {
    return root.resolve("services").resolve(track.id());
  }

  /** Returns the tracks that at least one lab is done in. */
  public List<Track> tracks() {
    List<LabFolder> labs = labs();
    return Stream.of(Track.values())
        .filter(
            track ->
                labs.stream().anyMatch(lab -> Files.isDirectory(lab.path().resolve(track.id()))))
        .toList();
  }

  /** Returns the labs, in the order of their numbers. */
  public List<LabFolder> labs() {
    try (Stream<Path> folders = Files.list(root)) {
      return folders.sorted().map(LabFolder::of).flatMap(Optional::stream).toList();
    } catch (IOException e) {
      throw new EnvironmentException(
          "The folder %s cannot be read: %s.".formatted(root, e.getMessage()), e);
    }
  }

  /** Returns the lab that a person means by {@code 02}, {@code 2} or {@code lab-02-distroless}. */
  public Optional<LabFolder> lab(String given) {
    return labs().stream().filter(lab -> lab.called(given)).findFirst();
  }

  /** Returns the folder of the solutions; none in a handout. */
  public Optional<Path> solutions() {
    Path folder = root.resolve("solutions");
    // As in the pom: a folder of a student's that has the name is not it.
    return Files.isRegularFile(folder.resolve("pom.xml")) ? Optional.of(folder) : Optional.empty();
  }

  /**
   * Returns a word that no other copy of the workbook has, and no fresh one.
   *
   * @throws EnvironmentException when it cannot be written down
   */
  public String secret() {
    Path file = output("secret");
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        Path mine = Files.createTempFile(file.getParent(), "secret", ".part");
        Files.writeString(mine, HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
        Files.move(mine, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new EnvironmentException(
          "The file %s cannot be written or read: %s.".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Names the cache mounts of builds of what lies in one of the workbook's folders: its own in each
   * copy of the workbook, so that nobody else's builds find what these left.
   */
  public String cacheNamespace(Path folder) {
    return cacheNamespace(secret(), folder);
  }

  /** Names the cache mounts of builds that whoever does not know a secret cannot name. */
  public static String cacheNamespace(String secret, Path folder) {
    return Sha256.hex(secret + folder).substring(0, NAMESPACE_DIGITS);
  }

  /**
   * Names the cache mounts of the reference images and of whatever is graded as the workbook's own;
   * in a handout those of what is handed in.
   */
  public String cacheNamespace() {
    return cacheNamespace(solutions().orElse(root));
  }

  /** Returns the folder for what a command writes, such as {@code target/diet}. */
  public Path output(String command) {
    return root.resolve("target").resolve(command);
  }
}
