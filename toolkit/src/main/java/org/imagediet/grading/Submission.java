package org.imagediet.grading;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.BudgetFile;
import org.imagediet.compose.ComposeException;
import org.imagediet.compose.ComposeFile;
import org.imagediet.compose.ComposeService;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.scan.OpenVex;
import org.imagediet.workbook.Recipe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.imagediet.workflow.Workflow;
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

  /** The settings of the size budget. */
  public static final String BUDGET = "budget.yaml";

  /** What the image was when somebody last agreed to its size. */
  public static final String BASELINE = "baseline.json";

  private static final String ANSWERS = "answers.yaml";
  private static final String FINDINGS = "findings.yaml";
  private static final String TRIAGE = "triage.openvex.json";
  private static final List<String> FILES =
      List.of(
          "Dockerfile",
          Recipe.JIB,
          ANSWERS,
          FINDINGS,
          TRIAGE,
          ComposeService.FILE,
          BUDGET,
          BASELINE,
          Workflow.FILE);

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
        given.equals(SOLUTIONS)
            ? workbook
                .solutions()
                .orElseThrow(
                    () ->
                        new EnvironmentException(
                            "This workbook is a handout, which has no solutions to grade."))
            : typedIn.resolve(given);
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

  /**
   * Returns what a submission is called in reports: the name of a person's folder, and nothing of
   * where on the grader's machine it lies.
   *
   * @param given as for {@link #find}
   */
  public static String label(String lab, Track track, String given, Path typedIn) {
    if (given.isBlank() || given.equals(SOLUTIONS)) {
      return given.isBlank() ? lab : SOLUTIONS;
    }
    Path folder = typedIn.resolve(given).toAbsolutePath().normalize();
    for (String inside : List.of(track.id(), lab)) {
      if (folder.endsWith(inside)) {
        folder = folder.getParent();
      }
    }
    return folder.getFileName() == null ? "" : folder.getFileName().toString();
  }

  private static boolean answered(Path folder) {
    return FILES.stream()
        .anyMatch(name -> Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
  }

  /** Returns the same person's answer to another lab. */
  public Submission of(String otherLab) {
    Path other = home().resolve(otherLab);
    return new Submission(nested() ? other.resolve(track.id()) : other, otherLab, track, source);
  }

  /** Returns the folder that the same person's answers to all labs are in. */
  Path home() {
    return nested() ? folder.resolve("../..").normalize() : folder;
  }

  private boolean nested() {
    Path parent = folder.getParent();
    return parent != null && parent.getParent() != null && parent.endsWith(lab);
  }

  /**
   * Returns how the image is to be built: by {@code jib.yaml} where there is one, else by the
   * Dockerfile.
   *
   * @throws FailedEarlier when there is neither, or it is no plain file
   */
  public Recipe recipe() {
    try {
      return read(jib() ? Recipe.JIB : "Dockerfile");
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
    return StrictYaml.read(read(ANSWERS).text(), ANSWERS);
  }

  /**
   * Returns how the image is to be run.
   *
   * @throws ComposeException in one sentence, when there is no such file or it may not be honoured
   */
  public ComposeService compose() {
    try {
      return ComposeFile.parse(read(ComposeService.FILE).text());
    } catch (IOException e) {
      throw new ComposeException(e.getMessage(), e);
    }
  }

  /**
   * Returns what was found out, or predicted, of the three images.
   *
   * @throws YamlException in one sentence, when it is not YAML
   * @throws IOException in one sentence, when there is no such file
   */
  public JsonNode findings() throws IOException {
    return StrictYaml.read(read(FINDINGS).text(), FINDINGS);
  }

  /**
   * Returns what the scanner's findings mean, as the submission says.
   *
   * @throws org.imagediet.scan.OpenVexException in one sentence, when it is no OpenVEX document
   * @throws IOException in one sentence, when there is no such file
   */
  public OpenVex triage() throws IOException {
    return OpenVex.read(read(TRIAGE).text().getBytes(StandardCharsets.UTF_8), TRIAGE);
  }

  /**
   * Returns the settings of the size budget.
   *
   * @throws IllegalArgumentException in one sentence, when they are wrong
   * @throws IOException in one sentence, when there is no such file
   */
  public BudgetFile budget() throws IOException {
    return BudgetFile.parse(read(BUDGET).text(), BUDGET);
  }

  /**
   * Returns what the image was when somebody last agreed to its size.
   *
   * @throws org.imagediet.budget.BaselineException in one sentence, when it is damaged
   * @throws IOException in one sentence, when there is no such file
   */
  public Baseline baseline() throws IOException {
    return Baseline.parse(read(BASELINE).text(), BASELINE);
  }

  /**
   * Returns the workflow that watches over the size.
   *
   * @throws org.imagediet.workflow.WorkflowException in one sentence, when it has no gate
   * @throws IOException in one sentence, when there is no such file
   */
  public Workflow workflow() throws IOException {
    return Workflow.parse(read(Workflow.FILE).text());
  }

  /** Returns its files that can be read, by name. */
  public Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    for (String name : FILES) {
      try {
        texts.put(name, read(name).text());
      } catch (IOException e) {
        // Whoever needs it says so.
      }
    }
    return texts;
  }

  private Recipe read(String name) throws IOException {
    Path above = folder.getParent();
    boolean linked =
        folder.endsWith(track.id()) && Files.isSymbolicLink(folder)
            || above != null && above.endsWith(lab) && Files.isSymbolicLink(above);
    if (linked) {
      // It could lead to somebody else's answer.
      throw new IOException(lab + "/" + track.id() + " is a link, and must be a plain folder.");
    }
    return Recipe.read(folder.resolve(name), String.join("/", lab, track.id(), name));
  }
}
