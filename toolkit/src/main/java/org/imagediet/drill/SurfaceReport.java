package org.imagediet.drill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.imagediet.observation.Observation;
import org.imagediet.report.Table;

/** The attack surface of several images side by side, and what attacks on them came to. */
public final class SurfaceReport {

  private final Map<String, Surface> surfaces = new LinkedHashMap<>();
  private final Map<String, Map<Attack, Observation>> attacks = new LinkedHashMap<>();

  /** Adds an image under the name of its column. */
  public void add(String image, Surface surface) {
    surfaces.put(image, surface);
  }

  /** Adds what the attacks on an image came to. */
  public void add(String image, Map<Attack, Observation> seen) {
    attacks.put(image, seen);
  }

  /**
   * Returns the tables for a terminal; the second only when there were attacks.
   *
   * @param title stands above the first column
   */
  public String console(String title) {
    StringBuilder text = new StringBuilder();
    text.append(
        table(
            title + ": what an attacker finds",
            surfaces,
            SurfacePart.values(),
            SurfacePart::title,
            (part, surface) -> Integer.toString(surface.count(part))));
    if (!attacks.isEmpty()) {
      text.append('\n');
      text.append(
          table(
              title + ": an attacker",
              attacks,
              Attack.values(),
              Attack::title,
              (attack, seen) -> seen.get(attack).works() ? "yes" : "no"));
      text.append('\n');
      Arrays.stream(Attack.values())
          .forEach(attack -> text.append(attack.title() + ": " + attack.proof() + ".\n"));
    }
    return text.toString();
  }

  /** What stands in one cell. */
  @FunctionalInterface
  private interface Cell<R, T> {
    String of(R row, T image);
  }

  private static <R, T> String table(
      String corner, Map<String, T> images, R[] rows, Function<R, String> title, Cell<R, T> cell) {
    List<String> header = new ArrayList<>(List.of(corner));
    header.addAll(images.keySet());
    Table table = Table.of(header);
    for (R row : rows) {
      List<String> cells = new ArrayList<>(List.of(title.apply(row)));
      images.values().forEach(image -> cells.add(cell.of(row, image)));
      table.row(cells);
    }
    return table.console();
  }
}
