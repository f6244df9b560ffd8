package org.imagediet.workbook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of one lab, and what is where in it.
 *
 * @param path such as {@code lab-02-distroless}, below the workbook
 * @param number such as {@code 02}
 */
public record LabFolder(Path path, String number) {

  private static final Pattern NAME = Pattern.compile("lab-(\\d\\d)-[a-z-]+");

  /** Returns the lab that a folder is; none where it has no rubric. */
  static Optional<LabFolder> of(Path path) {
    Matcher name = NAME.matcher(path.getFileName().toString());
    return name.matches()
        ? Optional.of(new LabFolder(path, name.group(1)))
            .filter(lab -> Files.isRegularFile(lab.rubric()))
        : Optional.empty();
  }

  /** Returns the folder's name, which is the name of its Maven module too. */
  public String name() {
    return path.getFileName().toString();
  }

  /** Returns where its checks, their points and their hints are written down. */
  public Path rubric() {
    return path.resolve("src/test/resources/org/imagediet/lab" + number).resolve("rubric.yaml");
  }

  /** Returns a place for what a run leaves behind; it goes with {@code mvn clean}. */
  public Path output(String name) {
    return path.resolve("target").resolve(name);
  }

  /**
   * Returns whether a person means this lab: {@code 02}, {@code 2} or {@code lab-02-distroless}.
   */
  boolean called(String given) {
    return given.equals(number)
        || given.equals(number.replaceFirst("^0", ""))
        // As a shell completes it.
        || given.replaceFirst("/$", "").equals(name());
  }
}
