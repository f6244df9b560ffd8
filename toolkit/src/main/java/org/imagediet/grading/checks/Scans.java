package org.imagediet.grading.checks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.scan.Finding;
import org.imagediet.scan.Note;
import org.imagediet.scan.OpenVex;
import org.imagediet.scan.OpenVexException;
import org.imagediet.scan.Problem;
import org.imagediet.scan.ScanResult;
import org.imagediet.scan.Triage;
import org.imagediet.workbook.Track;
import org.imagediet.yaml.YamlException;

/**
 * What a vulnerability scanner finds, and what a student makes of it. The images are scanned here:
 * a result that somebody hands in proves nothing.
 */
public final class Scans {

  private static final int MOST_TOLD = 6;

  private static final Set<Note.Kind> HIDDEN =
      Set.of(Note.Kind.PACKAGE_DATABASE_GONE, Note.Kind.PACKAGE_RECORDS_MISSING);

  private Scans() {}

  /**
   * The {@code scan} of {@code findings.yaml} ranks the images by their findings, names the
   * components in which the smallest still has some, and says of which images the scanner can only
   * see a part.
   */
  public static Verdict compared(Bench bench) {
    JsonNode said;
    try {
      said = bench.submission().findings().path("scan");
    } catch (IOException | YamlException e) {
      return Verdict.fail(
          e.getMessage(), "The starter's findings.yaml shows how the answers are written.");
    }
    Map<String, ScanResult> images = ThreeImages.each(bench, "scan", Bench::scan);
    for (Map.Entry<String, ScanResult> image : images.entrySet()) {
      Optional<String> hidden = hidden(image.getValue());
      if (hidden.isPresent()) {
        return Verdict.fail(
            "the %s image: %s".formatted(image.getKey(), hidden.get()),
            "Which line takes away what a scanner reads, and what does that take from an"
                + " attacker?");
      }
    }
    List<String> wrong = wrong(said, images);
    return wrong.isEmpty()
        ? Verdict.pass(
            "as scanned: "
                + counts(images).entrySet().stream()
                    .map(image -> image.getKey() + " " + image.getValue())
                    .collect(Collectors.joining(", "))
                + "; by "
                + basis(images.get(ThreeImages.smallest(images))))
        : Verdict.fail(
            String.join("\n", wrong),
            "`./lab scan` scans an image of yours; its table and its notes answer all three.");
  }

  static List<String> wrong(JsonNode said, Map<String, ScanResult> images) {
    List<String> wrong = new ArrayList<>();
    Ranking.problem(said.path("most").asText("?").strip(), counts(images))
        .ifPresent(problem -> wrong.add("most: " + problem));
    String smallest = ThreeImages.smallest(images);
    String key = "leftOn" + capital(smallest);
    Set<String> left =
        images.get(smallest).findings().stream()
            .map(Finding::packageName)
            .collect(Collectors.toCollection(TreeSet::new));
    named(
            said.path(key),
            left,
            "is not among what the scanner finds on " + smallest,
            "more components of the %s image have findings".formatted(smallest))
        .ifPresent(problem -> wrong.add(key + ": " + problem));
    Set<String> partly =
        images.entrySet().stream()
            .filter(image -> image.getValue().partial())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    named(
            said.path("seenInPart"),
            partly,
            "has a list of packages, which the scanner reads",
            "more images have no list of packages, so that a copied library tells nothing")
        .ifPresent(problem -> wrong.add("seenInPart: " + problem));
    return wrong;
  }

  /** Judges a list of names; what was forgotten is counted and not named. */
  private static Optional<String> named(
      JsonNode said, Set<String> right, String notOne, String more) {
    if (!said.isArray()) {
      return Optional.of("not answered; it is a list, which may be empty: []");
    }
    Set<String> named = new TreeSet<>();
    said.forEach(name -> named.add(name.asText().strip()));
    List<String> wrong = named.stream().filter(name -> !right.contains(name)).toList();
    if (!wrong.isEmpty()) {
      return Optional.of(String.join(", ", wrong) + " " + notOne);
    }
    long forgotten = right.stream().filter(name -> !named.contains(name)).count();
    return forgotten == 0 ? Optional.empty() : Optional.of(forgotten + " " + more);
  }

  private static Map<String, Integer> counts(Map<String, ScanResult> images) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    images.forEach((image, result) -> counts.put(image, result.findings().size()));
    return counts;
  }

  /**
   * Returns what hides components from the scanner.
   *
   * @throws EnvironmentException when the scanner could not look for a reason that is not the
   *     image's
   */
  private static Optional<String> hidden(ScanResult result) {
    Optional<Note> hiding = note(result, HIDDEN);
    if (hiding.isEmpty()) {
      note(result, Set.of(Note.Kind.DISTRIBUTION_UNKNOWN, Note.Kind.NO_DATABASE))
          .ifPresent(
              note -> {
                throw new EnvironmentException(note.text());
              });
    }
    return hiding.map(Note::text);
  }

  private static Optional<Note> note(ScanResult result, Set<Note.Kind> kinds) {
    return result.notes().stream().filter(note -> kinds.contains(note.kind())).findFirst();
  }

  private static String basis(ScanResult result) {
    return "%s with %s%s"
        .formatted(
            result.scanner(),
            result.database().about(),
            note(result, Set.of(Note.Kind.DATABASE_STALE))
                .map(note -> ". " + note.text())
                .orElse(""));
  }

  /** Every finding in the release image is answered by {@code triage.openvex.json}. */
  public static Verdict triaged(Bench bench) {
    ContainerImage image = bench.image();
    OpenVex triage;
    try {
      triage = bench.submission().triage();
    } catch (IOException | OpenVexException e) {
      return Verdict.fail(
          e.getMessage(), "The starter's triage.openvex.json shows what a document looks like.");
    }
    ScanResult result = bench.scan();
    Optional<String> hidden =
        hidden(result).or(() -> unreadable(bench.submission().track(), image));
    if (hidden.isPresent()) {
      return Verdict.fail(
          hidden.get(), "Nothing found is no answer, when nothing could be looked at.");
    }
    List<Problem> problems =
        Triage.check(triage, result, bench.clock(), Triage.USUAL_AGE).stream()
            .filter(problem -> !problem.note())
            .toList();
    if (problems.isEmpty()) {
      return Verdict.pass(
          "%d findings, each with one answer; by %s"
              .formatted(result.vulnerabilities(), basis(result)));
    }
    List<String> told =
        new ArrayList<>(
            problems.stream()
                .limit(MOST_TOLD)
                .map(problem -> problem.measured() + "; expected: " + problem.expected())
                .toList());
    if (problems.size() > MOST_TOLD) {
      told.add("and %d more".formatted(problems.size() - MOST_TOLD));
    }
    return Verdict.fail(String.join("\n", told), sentence(problems.get(0).next()));
  }

  /**
   * A Go program carries the list of what it was made of, and a scanner reads nothing else of it.
   */
  private static Optional<String> unreadable(Track track, ContainerImage image) {
    return track == Track.GO
        ? image
            .serviceProgram()
            .filter(program -> elf(program).isPresent())
            .filter(program -> elf(program).flatMap(ElfFile::go).isEmpty())
            .map(
                program ->
                    "Not a clean bill: %s does not tell what it was made of%s, so that a scanner"
                            .formatted(
                                program.path(),
                                elf(program).filter(ElfFile::packed).isPresent()
                                    ? ", since it is packed"
                                    : "")
                        + " finds nothing in it whatever is in it")
        : Optional.empty();
  }

  private static Optional<ElfFile> elf(FileEntry program) {
    return program.content().flatMap(Content::elf);
  }

  private static String sentence(String words) {
    return words.isEmpty() ? "" : capital(words) + (words.endsWith("?") ? "" : ".");
  }

  private static String capital(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
