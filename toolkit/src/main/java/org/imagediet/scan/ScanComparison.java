package org.imagediet.scan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.imagediet.report.Clean;
import org.imagediet.report.Table;

/** The results of several images side by side. */
public final class ScanComparison {

  private final List<ScanResult> results;

  /** Compares results, of which there is at least one. */
  public ScanComparison(List<ScanResult> results) {
    this.results = List.copyOf(results);
  }

  /** Returns a table for a terminal, what it rests on, and each note once. */
  public String text() {
    List<String> header = new ArrayList<>(List.of("what a scanner sees"));
    results.forEach(result -> header.add(Clean.line(result.subject())));
    Table table = Table.of(header);
    row(table, "components that it lists", result -> Integer.toString(result.components()));
    row(table, "findings", ScanComparison::findings);
    row(table, "different vulnerabilities", r -> Integer.toString(r.vulnerabilities()));
    row(table, "components with findings", ScanComparison::components);
    row(table, "has a list of packages", result -> result.partial() ? "no" : "yes");
    StringBuilder text = new StringBuilder(table.console());
    Set<String> basis = new LinkedHashSet<>();
    results.forEach(result -> basis.add("scanner: " + result.scanner()));
    results.forEach(result -> basis.add("database: " + result.database().about()));
    results.forEach(
        result -> result.notes().forEach(note -> basis.add("note: " + Clean.line(note.text()))));
    basis.forEach(line -> text.append('\n').append(line).append('\n'));
    return text.toString();
  }

  private void row(Table table, String title, Function<ScanResult, String> cell) {
    List<String> cells = new ArrayList<>(List.of(title));
    results.forEach(result -> cells.add(cell.apply(result)));
    table.row(cells);
  }

  /** A nothing that says nothing is not written as a number. */
  private static String findings(ScanResult result) {
    return result.blind() && result.findings().isEmpty()
        ? "unknown"
        : Integer.toString(result.findings().size());
  }

  private static String components(ScanResult result) {
    Set<String> names = new TreeSet<>();
    result.findings().forEach(finding -> names.add(finding.packageName()));
    return names.isEmpty() || names.size() > 2
        ? Integer.toString(names.size())
        : Clean.line(String.join(", ", names));
  }
}
