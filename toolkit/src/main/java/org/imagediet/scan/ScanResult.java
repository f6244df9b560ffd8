package org.imagediet.scan;

import java.util.List;

/**
 * What a scanner says of an image.
 *
 * @param subject the image's name or the archive's
 * @param scanner which scanner, and where it ran
 * @param findings the worst first
 * @param components how many the bill of materials lists
 * @param notes what to know before drawing conclusions
 */
public record ScanResult(
    String subject,
    String scanner,
    String version,
    Database database,
    List<Finding> findings,
    int components,
    List<Note> notes) {

  /** Sorts the findings. */
  public ScanResult {
    findings = findings.stream().sorted(Finding.WORST_FIRST).toList();
    notes = List.copyOf(notes);
  }

  /** Returns whether "nothing found" would say nothing, since the scanner could not look. */
  public boolean blind() {
    return notes.stream().anyMatch(note -> note.kind().blind());
  }

  /** Returns whether the scanner only saw what programs tell, since there is no package list. */
  public boolean partial() {
    return notes.stream()
        .anyMatch(
            note ->
                note.kind() == Note.Kind.NO_DISTRIBUTION
                    || note.kind() == Note.Kind.PACKAGE_DATABASE_GONE);
  }

  /** Returns how many different vulnerabilities were found; one may be in several components. */
  public int vulnerabilities() {
    return (int) findings.stream().map(Finding::id).distinct().count();
  }
}
