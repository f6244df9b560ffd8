package org.imagediet.budget;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imagediet.report.Bytes;
import org.imagediet.report.Clean;
import org.imagediet.report.Table;

/** Verdicts as text for a terminal, as Markdown for the summary of a CI job, and as JSON. */
public final class BudgetReport {

  private static final int MOST_CULPRITS = 12;
  private static final int FEW_CULPRITS = 3;
  private static final int MOST_PACKAGES = 5;
  private static final int MOST_PACKAGES_JSON = 50;
  private static final int BAR = 20;
  private static final int MOST_OVER = 10;
  private static final int MOST_INSTRUCTION = 120;

  private final List<BudgetVerdict> verdicts;
  private final List<String> notes;

  /**
   * Reports verdicts.
   *
   * @param notes sentences to say below them
   */
  public BudgetReport(List<BudgetVerdict> verdicts, List<String> notes) {
    this.verdicts = List.copyOf(verdicts);
    this.notes = List.copyOf(notes);
  }

  private boolean broken() {
    return verdicts.stream().anyMatch(BudgetVerdict::broken);
  }

  /** Returns the text for a terminal. */
  public String console() {
    StringBuilder text = new StringBuilder();
    Table table =
        Table.of("image", "size", "baseline", "now", "growth", "", "limit", "ceiling", "budget")
            .left(1, 8);
    for (BudgetVerdict verdict : verdicts) {
      for (SizeVerdict size : verdict.sizes()) {
        table.row(
            verdict.name(),
            size.growth().size().id(),
            Bytes.readable(size.growth().before()),
            Bytes.readable(size.growth().after()),
            signed(size.growth().bytes()),
            percent(size),
            Bytes.readable(size.limit()),
            ceiling(size),
            word(size));
      }
    }
    text.append(table.console());
    for (BudgetVerdict verdict : verdicts) {
      for (String sentence : sentences(verdict)) {
        text.append('\n').append(Clean.line(verdict.name() + ": " + sentence));
      }
      text.append(verdict.broken() ? "\n" : "");
      if (grew(verdict)) {
        text.append('\n').append(Clean.line("What grew in " + verdict.name() + ":")).append('\n');
        for (Line line : lines(verdict)) {
          String what = line.path() + line.about();
          text.append("  %11s  %s\n".formatted(line.growth(), Clean.line(what)));
          String guess = line.guess().isEmpty() ? "" : "guess: " + line.guess();
          for (String more : List.of(line.origin(), guess, line.hidden())) {
            text.append(more.isEmpty() ? "" : "               %s\n".formatted(Clean.line(more)));
          }
        }
        packages(verdict).forEach(line -> text.append("  ").append(Clean.line(line)).append('\n'));
        base(verdict).forEach(line -> text.append("  ").append(Clean.line(line)).append('\n'));
      }
    }
    notes.forEach(note -> text.append('\n').append(Clean.line(note)).append('\n'));
    return text.toString();
  }

  /** Returns the Markdown of a job's summary. */
  public String markdown() {
    StringBuilder text = new StringBuilder("## Image size budget: ");
    text.append(broken() ? "BROKEN" : "kept").append("\n\n");
    Table table = Table.of("image", "size", "baseline", "now", "growth", "of the limit", "budget");
    table.left(1, 5, 6);
    for (BudgetVerdict verdict : verdicts) {
      for (SizeVerdict size : verdict.sizes()) {
        table.row(
            code(verdict.name()),
            size.growth().size().id(),
            Bytes.readable(size.growth().before()),
            Bytes.readable(size.growth().after()),
            signed(size.growth().bytes()) + " (" + percent(size) + ")",
            code(bar(size)),
            size.broken() ? "**" + word(size) + "**" : word(size));
      }
    }
    text.append(table.markdown());
    for (BudgetVerdict verdict : verdicts) {
      for (String sentence : sentences(verdict)) {
        text.append("\n- ").append(code(verdict.name())).append(": ").append(sentence);
      }
      text.append(verdict.broken() ? "\n" : "");
      if (grew(verdict)) {
        text.append("\n### What grew in ").append(code(verdict.name())).append("\n\n");
        Table blame = Table.of("grew by", "what", "brought in by", "guess").left(1, 2, 3);
        for (Line line : lines(verdict)) {
          blame.row(
              line.growth(),
              code(line.path()) + line.about(),
              line.origin().isEmpty() ? "" : code(line.origin()),
              Stream.of(line.guess(), line.hidden())
                  .filter(words -> !words.isEmpty())
                  .collect(Collectors.joining("; ")));
        }
        text.append(blame.markdown());
        packages(verdict).forEach(line -> text.append("\n- ").append(code(line)));
        base(verdict).forEach(line -> text.append("\n- ").append(plain(line)));
        text.append('\n');
      }
    }
    notes.forEach(note -> text.append('\n').append(plain(note)).append('\n'));
    return text.toString();
  }

  private static boolean grew(BudgetVerdict verdict) {
    return verdict.blame().base().ownBytes() > 0 || verdict.blame().base().baseBytes() > 0;
  }

  private static String ceiling(SizeVerdict size) {
    return size.ceiling().isPresent() ? Bytes.readable(size.ceiling().getAsLong()) : "none";
  }

  private static String signed(long bytes) {
    return (bytes > 0 ? "+" : "") + Bytes.readable(bytes);
  }

  /** The growth, rounded so that it is on the same side of the limit as the verdict says. */
  private static String percent(SizeVerdict size) {
    RoundingMode rounding = size.growthBroken() ? RoundingMode.CEILING : RoundingMode.FLOOR;
    return size.growth()
        .percent(rounding)
        .map(percent -> (percent.signum() > 0 ? "+" : "") + percent.toPlainString() + " %")
        .orElse(size.growth().after() == 0 ? "0.00 %" : "from nothing");
  }

  private static String word(SizeVerdict size) {
    return size.growthBroken() && size.ceilingBroken()
        ? "BROKEN: growth and ceiling"
        : size.growthBroken()
            ? "BROKEN: growth"
            : size.ceilingBroken() ? "BROKEN: ceiling" : "kept";
  }

  /** What broke, each in a sentence. */
  private static List<String> sentences(BudgetVerdict verdict) {
    List<String> sentences = new ArrayList<>();
    for (SizeVerdict size : verdict.sizes()) {
      Growth growth = size.growth();
      if (size.growthBroken()) {
        String floor =
            verdict.budget().floor() == 0 ? "" : " or " + Bytes.readable(verdict.budget().floor());
        sentences.add(
            ("the growth is too large: %s grew by %s (%s), and %s %%%s is allowed; that is %s too"
                    + " many.")
                .formatted(
                    growth.size().id(),
                    Bytes.readable(growth.bytes()),
                    percent(size),
                    verdict.budget().maxGrowth().toPlainString(),
                    floor,
                    Bytes.readable(growth.after() - size.limit())));
        if (growth.size() == SizeKind.TRANSFER && !grew(verdict)) {
          sentences.add("its files did not grow; they compress worse than before.");
        }
      }
      if (size.ceilingBroken()) {
        sentences.add(
            "the ceiling is broken: %s is %s, and may never be more than %s, however it came to it;"
                    .formatted(growth.size().id(), Bytes.readable(growth.after()), ceiling(size))
                + " that is %s too many."
                    .formatted(Bytes.readable(growth.after() - size.ceiling().orElseThrow())));
      }
    }
    return sentences;
  }

  /** The bytes against the tighter limit: those of the baseline, the growth, what is too much. */
  private static String bar(SizeVerdict size) {
    long limit = size.tightest();
    long now = size.growth().after();
    if (limit == 0) {
      return "[" + (now == 0 ? "." : "!").repeat(BAR) + "]";
    }
    int filled = (int) Math.min(BAR, now * BAR / limit);
    int old = (int) Math.min(filled, size.growth().before() * BAR / limit);
    long over = Math.max(0, now - limit);
    int marks = (int) Math.min(MOST_OVER, (over * BAR + limit - 1) / limit);
    long percent = over > 0 ? (now * 100 + limit - 1) / limit : now * 100 / limit;
    return "[%s%s%s%s] %d %%"
        .formatted(
            "=".repeat(old),
            "+".repeat(filled - old),
            ".".repeat(BAR - filled),
            "!".repeat(marks),
            percent);
  }

  /**
   * What is said of one culprit.
   *
   * @param about what goes on after the path
   */
  private record Line(
      String growth, String path, String about, String origin, String guess, String hidden) {}

  private static List<Line> lines(BudgetVerdict verdict) {
    Blame blame = verdict.blame();
    List<Line> lines = new ArrayList<>();
    BaseGrowth base = blame.base();
    if (base.known() && base.baseBytes() != 0) {
      lines.add(
          new Line(
              signed(base.baseBytes()),
              base.after().orElseThrow().name(),
              " (the base image, not your own layers)",
              "",
              base.changed() ? Cause.BASE.text() : "",
              ""));
    }
    int most = verdict.broken() ? MOST_CULPRITS : FEW_CULPRITS;
    List<Culprit> named = blame.culprits().subList(0, Math.min(most, blame.culprits().size()));
    named.forEach(culprit -> lines.add(line(culprit)));
    long elsewhere = base.ownBytes() - named.stream().mapToLong(Culprit::bytes).sum();
    if (elsewhere != 0) {
      String what = elsewhere > 0 ? "smaller things" : "things that shrank or went";
      lines.add(new Line(signed(elsewhere), "elsewhere", ": " + what, "", "", ""));
    }
    return lines;
  }

  private static Line line(Culprit culprit) {
    String about =
        (culprit.part() ? ", the rest of it" : "")
            + (culprit.added() ? " (new" : " (grown")
            + (culprit.folder() ? ", %d files)".formatted(culprit.files()) : ")");
    String origin =
        origin(culprit.layer(), culprit.instruction())
            + (culprit.furtherLayers() == 0
                ? ""
                : " (and %d more)".formatted(culprit.furtherLayers()));
    String guess =
        culprit
            .cause()
            .map(
                cause ->
                    cause.text()
                        + (culprit.evidence().isEmpty() ? "" : " (" + culprit.evidence() + ")"))
            .orElse("");
    return new Line(signed(culprit.bytes()), culprit.path(), about, origin, guess, hidden(culprit));
  }

  private static String hidden(Culprit culprit) {
    if (culprit.hiddenBytes() == 0) {
      return "";
    }
    String by =
        culprit.hiddenBy().isPresent()
            ? "layer " + (culprit.hiddenBy().getAsInt() + 1)
            : "a later layer";
    return "%s of it %s %s, and shipped all the same"
        .formatted(
            Bytes.readable(culprit.hiddenBytes()),
            culprit.rewritten() ? "is written again by" : "is deleted by",
            by);
  }

  private static String origin(int layer, String instruction) {
    String line = Clean.line(instruction.strip(), MOST_INSTRUCTION);
    return "layer %d: %s"
        .formatted(layer + 1, line.isEmpty() ? "(the image does not say how)" : line);
  }

  /** The packages, those of a layer together. */
  private static List<String> packages(BudgetVerdict verdict) {
    SortedMap<Integer, List<PackageChange>> byLayer = new TreeMap<>();
    for (PackageChange change : verdict.blame().packages()) {
      byLayer.computeIfAbsent(change.layer(), layer -> new ArrayList<>()).add(change);
    }
    List<String> lines = new ArrayList<>();
    byLayer.forEach(
        (layer, changes) -> {
          List<String> names =
              changes.stream().limit(MOST_PACKAGES).map(BudgetReport::text).toList();
          int more = changes.size() - names.size();
          lines.add(
              "%d %s by %s: %s%s"
                  .formatted(
                      changes.size(),
                      changes.size() == 1 ? "package" : "packages",
                      origin(layer, changes.get(0).instruction()),
                      String.join(", ", names),
                      more == 0 ? "" : " and " + more + " more"));
        });
    return lines;
  }

  private static String text(PackageChange change) {
    return change.name()
        + " "
        + change.before().map(old -> old + " -> " + change.after()).orElse(change.after())
        + (change.installedBytes().isPresent()
            ? " (" + Bytes.readable(change.installedBytes().getAsLong()) + ")"
            : "");
  }

  /** What is known of the base image's part in it. */
  private static List<String> base(BudgetVerdict verdict) {
    BaseGrowth base = verdict.blame().base();
    if (base.changed()) {
      String before = base.before().orElseThrow().name();
      String after = base.after().orElseThrow().name();
      return List.of(
          "%s: %s is the base image's, %s is the image's own."
              .formatted(
                  before.equals(after)
                      ? "The base image " + after + " has other layers now"
                      : "The base image was " + before + " and is " + after,
                  signed(base.baseBytes()),
                  signed(base.ownBytes())));
    }
    if (!verdict.broken()) {
      return List.of();
    }
    if (base.known() && base.after().orElseThrow().diffIds().isEmpty()) {
      return List.of(
          "The baseline has it on scratch, and no base known here is below it: all of it is the"
              + " image's own.");
    }
    if (base.known()) {
      return List.of(
          "The layers of the base image %s are as before: all of it is the image's own."
              .formatted(base.after().orElseThrow().name()));
    }
    if (base.left()) {
      return List.of(
          ("The lowest layers are no longer those of %s: another base image. Which one is not known"
                  + " here (--base tells), so its growth and the image's own cannot be told apart.")
              .formatted(base.before().orElseThrow().name()));
    }
    return List.of(
        "The baseline does not know the base image (`./lab budget update --base` tells it), so its"
            + " growth and the image's own cannot be told apart."
            + (base.lowestLayerChanged()
                ? " The lowest layer is another one: perhaps another base image."
                : " The lowest layer is the same as before."));
  }

  private static String code(String text) {
    // A code span has no escapes: a backtick would end it.
    return "`" + Clean.line(text).replace('`', '\'').strip() + "`";
  }

  /** Our own sentence, with names in it that may hold anything. */
  private static String plain(String text) {
    return Clean.line(text).replaceAll("[\\\\*_<>\\[\\]#!&]", "\\\\$0");
  }

  /** Returns what a program reads. */
  public String json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("version", 1);
    root.put("broken", broken());
    ArrayNode images = root.putArray("images");
    for (BudgetVerdict verdict : verdicts) {
      image(images.addObject(), verdict);
    }
    ArrayNode said = root.putArray("notes");
    notes.forEach(note -> said.add(Clean.line(note)));
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    try {
      return new ObjectMapper()
              .writer(
                  new DefaultPrettyPrinter()
                      .withObjectIndenter(indenter)
                      .withArrayIndenter(indenter))
              .writeValueAsString(root)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static void image(ObjectNode node, BudgetVerdict verdict) {
    node.put("name", verdict.name());
    node.put("broken", verdict.broken());
    ObjectNode budget = node.putObject("budget");
    budget.put("maxGrowthPercent", verdict.budget().maxGrowth());
    budget.put("floorBytes", verdict.budget().floor());
    verdict.budget().ceiling().ifPresent(bytes -> budget.put("ceilingBytes", bytes));
    ArrayNode sizes = node.putArray("sizes");
    for (SizeVerdict size : verdict.sizes()) {
      sizes
          .addObject()
          .put("size", size.growth().size().id())
          .put("beforeBytes", size.growth().before())
          .put("afterBytes", size.growth().after())
          .put("growthBytes", size.growth().bytes())
          .put("limitBytes", size.limit())
          .put("growthBroken", size.growthBroken())
          .put("ceilingBroken", size.ceilingBroken());
    }
    BaseGrowth base = verdict.blame().base();
    ObjectNode bases = node.putObject("base");
    bases.put("known", base.known());
    base.before().ifPresent(known -> bases.put("before", Clean.line(known.name())));
    base.after().ifPresent(known -> bases.put("after", Clean.line(known.name())));
    if (base.known()) {
      bases.put("changed", base.changed());
      bases.put("baseBytes", base.baseBytes());
      bases.put("ownBytes", base.ownBytes());
    } else {
      bases.put("left", base.left());
      bases.put("lowestLayerChanged", base.lowestLayerChanged());
    }
    ArrayNode culprits = node.putArray("culprits");
    verdict.blame().culprits().forEach(culprit -> culprit(culprits.addObject(), culprit));
    node.put("elsewhereBytes", verdict.blame().elsewhere());
    List<PackageChange> changes = verdict.blame().packages();
    node.put("packageChanges", changes.size());
    ArrayNode packages = node.putArray("packages");
    changes.stream()
        .limit(MOST_PACKAGES_JSON)
        .forEach(change -> change(packages.addObject(), change));
  }

  private static void culprit(ObjectNode node, Culprit culprit) {
    node.put("path", Clean.line(culprit.path()));
    node.put("folder", culprit.folder());
    node.put("rest", culprit.part());
    node.put("added", culprit.added());
    node.put("growthBytes", culprit.bytes());
    node.put("files", culprit.files());
    node.put("layer", culprit.layer());
    node.put("instruction", Clean.line(culprit.instruction()));
    node.put("furtherLayers", culprit.furtherLayers());
    culprit.cause().ifPresent(cause -> node.put("cause", cause.id()));
    if (!culprit.evidence().isEmpty()) {
      node.put("evidence", Clean.line(culprit.evidence()));
    }
    if (culprit.hiddenBytes() > 0) {
      ObjectNode hidden = node.putObject("hidden");
      hidden.put("bytes", culprit.hiddenBytes());
      culprit.hiddenBy().ifPresent(layer -> hidden.put("byLayer", layer));
      hidden.put("rewritten", culprit.rewritten());
    }
  }

  private static void change(ObjectNode node, PackageChange change) {
    node.put("name", change.name());
    change.before().ifPresent(version -> node.put("before", version));
    node.put("after", change.after());
    change.installedBytes().ifPresent(bytes -> node.put("installedBytes", bytes));
    node.put("layer", change.layer());
    node.put("instruction", Clean.line(change.instruction()));
  }
}
