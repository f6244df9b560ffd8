package org.imagediet.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A table of text, for the console or for Markdown. */
public final class Table {

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();
  private final Set<Integer> left = new HashSet<>(Set.of(0));

  private Table(List<String> header) {
    this.header = List.copyOf(header);
  }

  /** Starts a table; the first column is aligned left, the others right. */
  public static Table of(List<String> header) {
    return new Table(header);
  }

  /** Starts a table; the first column is aligned left, the others right. */
  public static Table of(String... header) {
    return new Table(List.of(header));
  }

  /** Aligns further columns left, those of text; counted from 0. */
  public Table left(Integer... columns) {
    left.addAll(List.of(columns));
    return this;
  }

  /** Adds a row with as many cells as the header has. */
  public Table row(List<String> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException("a row of " + cells.size() + " under " + header.size());
    }
    rows.add(cells.stream().map(Clean::line).toList());
    return this;
  }

  /** Adds a row with as many cells as the header has. */
  public Table row(String... cells) {
    return row(List.of(cells));
  }

  /** Returns it with aligned columns, each line ended. */
  public String console() {
    StringBuilder text = new StringBuilder();
    int[] widths = widths();
    line(text, header, widths);
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    line(text, rule, widths);
    rows.forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private int[] widths() {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = header.get(i).length();
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private void line(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(i == 0 ? "" : "  ");
      line.append(left.contains(i) ? cells.get(i) + padding : padding + cells.get(i));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** Returns it as a Markdown table, each line ended. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    markdownLine(text, header);
    text.append('|');
    for (int i = 0; i < header.size(); i++) {
      text.append(left.contains(i) ? "---|" : "---:|");
    }
    text.append('\n');
    rows.forEach(row -> markdownLine(text, row));
    return text.toString();
  }

  private static void markdownLine(StringBuilder text, List<String> cells) {
    text.append('|');
    // A backslash before the bar would take the escape for itself, and the bar would end the cell.
    cells.forEach(
        cell -> text.append(' ').append(cell.replaceAll("\\\\*\\|", "\\\\|")).append(" |"));
    text.append('\n');
  }
}
