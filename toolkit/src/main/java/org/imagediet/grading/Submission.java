package org.imagediet.grading;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.workbook.Recipe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.imagediet.yaml.StrictYaml;
import org.imagediet.yaml.YamlException;

/**
 * One lab's answer in one track, somebody's files. Only those of the known names are read, and only
 * where they are regular files of modest size; links and everything else are left alone.
 *
 * @param lab the lab's folder name, such as {@code lab-02-distroless}
 * @param source what the person who grades called it
 */
public record Submission(Path folder, String lab, Track track, String source) {

  /** Says whose files are graded: a folder, or {@link #SOLUTIONS}. */
  public static final String PROPERTY = "submission";

  /** The workbook's own solutions. */
  public static final String SOLUTIONS = "solutions";

  private static final String ANSWERS = "answers.yaml";
  private static final String FINDINGS = "findings.yaml";
  private static final List<String> FILES = List.of("Dockerfile", Recipe.JIB, ANSWERS, FINDINGS);

  /**
   * Finds a submission: by default the lab's own folder.
   *
   * @param given empty, {@code solutions}, or a folder that holds {@code LAB/TRACK}, {@code TRACK}
   *     or the files themselves
   * @param typedIn the folder that a relative one is meant from
   * @throws EnvironmentException when there is none
   */
  public static Submission find(
      Workbook workbook, String lab, Track track, String given, Path typedIn) {
    if (given.isBlank()) {
      return new Submission(
          workbook.root().resolve(lab).resolve(track.id()), lab, track, lab + "/" + track.id());
    }
    Path folder =
        given.equals(SOLUTIONS) ? workbook.root().resolve(SOLUTIONS) : typedIn.resolve(given);
    return Stream.of(folder.resolve(lab).resolve(track.id()), folder.resolve(track.id()), folder)
        .filter(Submission::answered)
        .findFirst()
        .map(found -> new Submission(found.normalize(), lab, track, given))
        .orElseThrow(
            () ->
                new EnvironmentException(
                    "There is no submission for %s, track %s, in %s; it would be in %s/%s or %s."
                        .formatted(lab, track.id(), given, lab, track.id(), track.id())));
  }

  private static boolean answered(Path folder) {
    return FILES.stream()
        .anyMatch(name -> Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
  }

  /** Returns the same person's answer to another lab. */
  public Submission of(String otherLab) {
    Path parent = folder.getParent();
    boolean nested = parent != null && parent.getFileName() != null && parent.endsWith(lab);
    Path other =
        nested ? parent.resolveSibling(otherLab).resolve(track.id()) : folder.resolve(otherLab);
    return new Submission(other, otherLab, track, source);
  }

  /**
   * Returns how the image is to be built: by {@code jib.yaml} where there is one, else by the
   * Dockerfile.
   *
   * @throws FailedEarlier when there is neither
   */
  public Recipe recipe() {
    Path jib = folder.resolve(Recipe.JIB);
    Path file = Files.exists(jib, LinkOption.NOFOLLOW_LINKS) ? jib : folder.resolve("Dockerfile");
    try {
      return Recipe.read(file);
    } catch (IOException e) {
      throw new FailedEarlier(
          "builds",
          Verdict.fail(
              e.getMessage(),
              "The lab's README says which file to write, and that it must be a plain file."));
    }
  }

  /** Returns whether Jib is to build it. */
  public boolean jib() {
    return Files.exists(folder.resolve(Recipe.JIB), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Returns the written answers.
   *
   * @throws YamlException in one sentence, when they are not YAML
   * @throws IOException in one sentence, when there is no such file
   */
  public JsonNode answers() throws IOException {
    return StrictYaml.read(Recipe.read(folder.resolve(ANSWERS)).text(), ANSWERS);
  }

  /**
   * Returns what was found out, or predicted, of the three images.
   *
   * @throws YamlException in one sentence, when it is not YAML
   * @throws IOException in one sentence, when there is no such file
   */
  public JsonNode findings() throws IOException {
    return StrictYaml.read(Recipe.read(folder.resolve(FINDINGS)).text(), FINDINGS);
  }
}
