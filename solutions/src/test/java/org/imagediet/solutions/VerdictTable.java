package org.imagediet.solutions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.imagediet.report.Table;

/** Counts, for each check, how often it was wrong about edited solutions. */
final class VerdictTable {

  private static final Path FILE = Path.of("target", "verdicts.md");

  /** One check's counts. */
  private static final class Row {
    private int mutants;
    private int accepted;
    private int variations;
    private int rejected;
  }

  private final Map<String, Row> rows = new TreeMap<>();
  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

  /** Adds one grading, and shows it, since all of them together take long. */
  synchronized void add(EditedSolution edited, Graded graded) {
    System.out.printf("%s -> %s%n", edited.title(), graded.ended("FAIL"));
    for (String check : edited.caughtBy()) {
      Row row = row(edited, check);
      row.mutants++;
      if (!graded.ended("FAIL").contains(check)) {
        row.accepted++;
        wrong.add("wrong accept by " + check + ": " + edited.title());
      }
    }
    if (edited.harmless()) {
      for (String check : graded.ended("PASS")) {
        row(edited, check).variations++;
      }
      for (String check : failed(graded)) {
        Row row = row(edited, check);
        row.variations++;
        row.rejected++;
        wrong.add("wrong reject by " + check + ": " + edited.title());
      }
    }
  }

  private static TreeSet<String> failed(Graded graded) {
    TreeSet<String> failed = new TreeSet<>(graded.ended("FAIL"));
    failed.addAll(graded.ended("ENV_ERROR"));
    return failed;
  }

  private Row row(EditedSolution edited, String check) {
    return rows.computeIfAbsent(edited.lab().number() + " " + check, key -> new Row());
  }

  synchronized void write() {
    Table table =
        Table.of("check", "made wrong", "wrong accepts", "written differently", "wrong rejects");
    Row sum = new Row();
    rows.forEach(
        (check, row) -> {
          table.row(cells("`" + check + "`", row));
          sum.mutants += row.mutants;
          sum.accepted += row.accepted;
          sum.variations += row.variations;
          sum.rejected += row.rejected;
        });
    table.row(cells("all", sum));
    StringBuilder text = new StringBuilder(table.markdown());
    wrong.stream().sorted().forEach(line -> text.append("\n- ").append(line));
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, text.append('\n'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> cells(String name, Row row) {
    return List.of(
        name,
        Integer.toString(row.mutants),
        Integer.toString(row.accepted),
        Integer.toString(row.variations),
        Integer.toString(row.rejected));
  }
}
