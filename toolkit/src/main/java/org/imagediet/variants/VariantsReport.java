package org.imagediet.variants;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.imagediet.report.Bytes;
import org.imagediet.report.Clean;
import org.imagediet.report.Table;

/** What was tried, as console text, as a Markdown page and as JSON. */
public final class VariantsReport {

  private static final int MOST_CHARACTERS = 30;

  private final VariantsResult result;
  private final List<Program> programs;

  /** Reports one result. */
  public VariantsReport(VariantsResult result) {
    this.result = result;
    programs = result.programs();
  }

  /** Returns the tables for a terminal. */
  public String console() {
    StringBuilder text = new StringBuilder("\n");
    if (!programs.isEmpty()) {
      text.append(matrix().console()).append('\n').append(asked().console()).append('\n');
    }
    notes().forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }

  /** Returns the page {@code variants.md}. */
  public String markdown() {
    StringBuilder text = new StringBuilder("# Every program on every distroless variant\n\n");
    if (!programs.isEmpty()) {
      text.append(matrix().markdown()).append('\n').append(asked().markdown()).append('\n');
    }
    notes().forEach(note -> text.append(note).append("\n\n"));
    for (Program program : programs) {
      text.append("## ").append(program.label()).append("\n\n");
      for (Trial trial : program.trials()) {
        text.append("- ").append(trial.variant().flavour()).append(": ");
        text.append(trial.seen().works() ? "works" : "does not work");
        trial.lack().ifPresent(lack -> text.append(", ").append(quoted(lack.evidence())));
        text.append(" (").append(quoted(trial.seen().evidence())).append(")\n");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return "`" + Clean.line(text).replace('`', '\'') + "`";
  }

  /** Returns the contents of {@code variants.json}. */
  public ObjectNode json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("own", result.circumstances().own());
    strings(root.putArray("standIns"), result.circumstances().standIns());
    root.put("engine", result.circumstances().engine());
    ArrayNode nodes = root.putArray("programs");
    for (Program program : programs) {
      ObjectNode node = nodes.addObject();
      node.put("program", program.label());
      node.put("track", program.reference().track().id());
      strings(node.putArray("asksFor"), program.asksFor());
      program.smallest().ifPresent(it -> node.put("smallest", it.variant().flavour()));
      ArrayNode variants = node.putArray("variants");
      program.trials().forEach(trial -> write(trial, variants.addObject()));
    }
    strings(root.putArray("failed"), result.circumstances().failed());
    return root;
  }

  private static void write(Trial trial, ObjectNode node) {
    node.put("variant", trial.variant().flavour());
    node.put("image", trial.variant().image());
    node.put("variantBytes", trial.baseBytes());
    node.put("unpackedBytes", trial.bytes());
    node.put("works", trial.seen().works());
    trial
        .lack()
        .ifPresent(
            lack ->
                node.putObject("lacks")
                    .put("kind", lack.kind().key())
                    .put("name", Clean.line(lack.name()))
                    .put("evidence", Clean.line(lack.evidence())));
    node.put("evidence", Clean.line(trial.seen().evidence()));
  }

  /** A row for each variant, the smallest first, and a column for each program. */
  private Table matrix() {
    List<String> header = new ArrayList<>(List.of("on"));
    programs.forEach(program -> header.add(program.label()));
    Table table = Table.of(header);
    List<Trial> variants = programs.get(0).trials();
    for (int i = 0; i < variants.size(); i++) {
      List<String> row = new ArrayList<>();
      row.add(variants.get(i).variant().flavour());
      for (Program program : programs) {
        row.add(cell(program, program.trials().get(i)));
      }
      table.row(row);
    }
    return table;
  }

  private static String cell(Program program, Trial trial) {
    if (trial.seen().works()) {
      boolean smallest = program.smallest().filter(trial::equals).isPresent();
      return Bytes.megabytes(trial.bytes()) + (smallest ? " *" : "  ");
    }
    return trial.lack().map(Lack::shortName).orElseGet(() -> "... " + lastWords(trial));
  }

  /** What was said last says most. */
  private static String lastWords(Trial trial) {
    String said = Clean.line(trial.seen().evidence().strip());
    return said.substring(Math.max(0, said.length() - MOST_CHARACTERS));
  }

  /** Why it is so: what each program asks its base for. */
  private Table asked() {
    Table table = Table.of("program", "asks its base for").left(1);
    for (Program program : programs) {
      String asked = String.join(" ", program.asksFor());
      table.row(program.label(), asked.isEmpty() ? "nothing" : asked);
    }
    return table;
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!programs.isEmpty()) {
      notes.add(
          "A size: it works there, as user 65532, read-only and without capabilities: it answers, knows"
              + " time zones and writes temporary files. Unpacked, both together; MB is 10^6 bytes.");
      notes.add("A name: it does not start, since it asks for this and does not find it.");
      if (programs.stream()
          .flatMap(it -> it.trials().stream())
          .anyMatch(VariantsReport::otherwise)) {
        notes.add("\"...\": it does not work for another reason; variants.md has it.");
      }
      notes.add(
          "*: the smallest that works; of variants of about one size the one that its image is made"
              + " for.");
    }
    programs.stream()
        .filter(program -> program.smallest().isEmpty())
        .forEach(program -> notes.add(program.label() + " works on no variant."));
    notes.addAll(result.circumstances().notes());
    return notes;
  }

  private static boolean otherwise(Trial trial) {
    return !trial.seen().works() && trial.lack().isEmpty();
  }

  private static void strings(ArrayNode array, List<String> texts) {
    texts.stream().map(Clean::line).forEach(array::add);
  }
}
