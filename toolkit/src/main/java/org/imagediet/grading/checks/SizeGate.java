package org.imagediet.grading.checks;

import java.io.IOException;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.imagediet.budget.Base;
import org.imagediet.budget.BaseGrowth;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.BaselineException;
import org.imagediet.budget.Budget;
import org.imagediet.budget.BudgetFile;
import org.imagediet.budget.BudgetVerdict;
import org.imagediet.budget.SizeKind;
import org.imagediet.budget.Snapshot;
import org.imagediet.engine.ImageName;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Submission;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.report.Bytes;
import org.imagediet.workflow.PlantedImage;
import org.imagediet.workflow.Workflow;
import org.imagediet.workflow.WorkflowException;

/**
 * The size gate of lab 05: the settings and the baseline are read, the gate of the workflow is run
 * with changes that are planted.
 */
public final class SizeGate {

  /** What the lab calls the image, in the baseline and in the archive. */
  static final String IMAGE = "app";

  private static final BigDecimal MOST_GROWTH = BigDecimal.valueOf(5);

  /** A baseline may be so far from the image, in percent: another patch release of a compiler. */
  private static final int TOLERANCE = 2;

  /** On another processor, or on another release of the base, more is another. */
  private static final int TOLERANCE_ELSEWHERE = 20;

  private static final int MOST_CEILING = 2;

  private static final SecureRandom RANDOM = new SecureRandom();

  private SizeGate() {}

  /** The settings have teeth, and the baseline is that of the image as it is built today. */
  public static Verdict baseline(Bench bench) {
    ContainerImage image = bench.image();
    BudgetFile settings;
    Snapshot before;
    try {
      settings = bench.submission().budget();
      Baseline baseline = bench.submission().baseline();
      before =
          baseline
              .find(IMAGE)
              .orElseThrow(
                  () ->
                      new BaselineException(
                          "%s has no image %s; it has %s."
                              .formatted(
                                  Submission.BASELINE,
                                  IMAGE,
                                  baseline.names().isEmpty()
                                      ? "none"
                                      : String.join(", ", baseline.names()))));
    } catch (IOException | IllegalArgumentException | BaselineException e) {
      return Verdict.fail(
          e.getMessage(),
          "The lab's README says which files there are, and `./lab budget update` writes one of"
              + " them.");
    }
    Optional<Verdict> toothless =
        toothless(settings.of(IMAGE).budget(), before, image.sizes().unpackedBytes());
    return toothless.orElseGet(() -> compared(bench.bases(), before, image));
  }

  static Optional<Verdict> toothless(Budget budget, Snapshot before, long size) {
    List<String> faults = new ArrayList<>();
    for (SizeKind kind : budget.sizes()) {
      if (before.size(kind).isEmpty()) {
        faults.add(
            "the %s size is to be compared, and %s has none"
                .formatted(kind.id(), Submission.BASELINE));
      }
    }
    if (!budget.sizes().contains(SizeKind.UNPACKED)) {
      faults.add("only the transfer size is compared, and thresholds here are unpacked sizes");
    }
    if (budget.maxGrowth().compareTo(MOST_GROWTH) > 0) {
      faults.add("max-growth is %s %%".formatted(budget.maxGrowth().toPlainString()));
    }
    if (BigDecimal.valueOf(budget.floor())
            .multiply(BigDecimal.valueOf(100))
            .compareTo(MOST_GROWTH.multiply(BigDecimal.valueOf(size)))
        > 0) {
      faults.add(
          "growth of %s always passes, and that is more than %s %% of %s"
              .formatted(Bytes.readable(budget.floor()), MOST_GROWTH, Bytes.readable(size)));
    }
    if (budget.ceiling().isEmpty()) {
      faults.add("there is no ceiling");
    } else if (budget.ceiling().getAsLong() > MOST_CEILING * size) {
      faults.add(
          "the ceiling is %s, %.1f times the image"
              .formatted(
                  Bytes.readable(budget.ceiling().getAsLong()),
                  budget.ceiling().getAsLong() / (double) size));
    } else if (budget.ceiling().getAsLong() < size) {
      faults.add(
          "the ceiling is %s, and the image is %s already"
              .formatted(Bytes.readable(budget.ceiling().getAsLong()), Bytes.readable(size)));
    }
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Verdict.fail(
                "%s: %s".formatted(Submission.BUDGET, String.join("; ", faults)),
                "How large could the image become with these settings, in one change and in a"
                    + " hundred?"));
  }

  static Verdict compared(Collection<Base> bases, Snapshot before, ContainerImage image) {
    List<Base> known = new ArrayList<>(bases);
    before.base().filter(base -> !base.diffIds().isEmpty()).ifPresent(known::add);
    BaseGrowth growth =
        BudgetVerdict.of(IMAGE, before, image, Base.find(image, known), Budget.standard())
            .blame()
            .base();
    boolean elsewhere = !before.platform().equals(image.platform());
    boolean newBase =
        growth.changed() && repository(growth.before()).equals(repository(growth.after()));
    long all = image.sizes().unpackedBytes() - before.unpackedBytes();
    String measured =
        "%s says %s unpacked, and built here it is %s%s%s"
            .formatted(
                Submission.BASELINE,
                Bytes.readable(before.unpackedBytes()),
                Bytes.readable(image.sizes().unpackedBytes()),
                elsewhere
                    ? " (the one is of %s, the other of %s)"
                        .formatted(before.platform(), image.platform())
                    : "",
                newBase
                    ? "; %s of the difference are another release of the base image"
                        .formatted(Bytes.readable(growth.baseBytes()))
                    : "");
    boolean near =
        within(
                elsewhere ? TOLERANCE_ELSEWHERE : TOLERANCE,
                newBase ? growth.ownBytes() : all,
                image)
            && within(TOLERANCE_ELSEWHERE, all, image);
    return near
        ? Verdict.pass(measured)
        : Verdict.fail(
            measured, "Of which image is it, and of which day? When is it to be written anew?");
  }

  private static boolean within(int percent, long difference, ContainerImage image) {
    return Math.abs(difference) * 100 <= percent * image.sizes().unpackedBytes();
  }

  /** One base has names with and without the release that it is made from. */
  private static String repository(Optional<Base> base) {
    return ImageName.parse(base.orElseThrow().name()).repository().replaceFirst("-debian\\d+$", "");
  }

  /** The workflow is started by every change, reaches the gate, and fails with it. */
  public static Verdict workflow(Bench bench) {
    Workflow workflow;
    try {
      workflow = bench.submission().workflow();
      workflow.job(GateTrials.change(RANDOM));
    } catch (IOException | WorkflowException e) {
      return unreadable(e);
    }
    List<String> faults = workflow.faults(sources(bench));
    return faults.isEmpty()
        ? Verdict.pass("every change starts it, the gate is reached, and the job fails with it")
        : Verdict.fail(
            String.join("\n", faults),
            "Walk through it for a change that a stranger sends from a fork and that is 6 % too"
                + " large: what starts, what runs, and what is red in the end?");
  }

  /** One file of the service, and the one that says how its image is built. */
  private static List<String> sources(Bench bench) {
    Submission submission = bench.submission();
    String track = submission.track().id();
    String service =
        switch (submission.track()) {
          case GO -> "cmd/app/main.go";
          case JAVA -> "src/main/java/org/imagediet/service/Main.java";
          case PYTHON -> "service/main.py";
          case RUST -> "src/main.rs";
        };
    return List.of(
        "services/%s/%s".formatted(track, service),
        "%s/%s/%s".formatted(submission.lab(), track, bench.recipe().file().getFileName()));
  }

  static Verdict unreadable(Exception problem) {
    return Verdict.fail(
        problem.getMessage(),
        "The lab's README says which steps are run here, and what is known to them.");
  }

  /** An image that did not change passes. */
  public static Verdict passesUnchanged(Bench bench) {
    GateTrials trials = GateTrials.on(bench);
    return trials.judged(trials.passes("the image is as it was", trials.image()));
  }

  /** An image that grew by no more than it may passes. */
  public static Verdict passesSmallGrowth(Bench bench) {
    GateTrials trials = GateTrials.on(bench);
    return trials.judged(
        trials.passes("the image grew by 4.9 %", trials.grown("1.049")),
        trials.passes("the image grew by exactly 5 %", trials.grown("1.05")),
        trials.passes("the image shrank by 20 %", trials.sized("0.8")));
  }

  /** An image that grew by more than it may, or is larger than any may be, fails. */
  public static Verdict failsGrowth(Bench bench) {
    GateTrials trials = GateTrials.on(bench);
    String grown = trials.baseline(trials.asYours("1.99"));
    return trials.judged(
        trials.fails("the image grew by 5.1 %", trials.grown("1.051")),
        trials
            .fails(
                "one small step after many, the image grew by 1 % and is twice what it was once",
                trials.asYours("2.01"))
            .baselines(grown, grown));
  }

  /** Whoever reads why the gate failed learns what grew, and which line brought it. */
  public static Verdict namesCulprit(Bench bench) {
    GateTrials trials = GateTrials.on(bench);
    Leak leak = Leak.draw(RANDOM);
    return trials.judged(
        trials
            .fails("a build tool leaked into the image", leak.into(trials.image(), trials.size()))
            .naming(List.of(leak.folder(), leak.stage())));
  }

  /** Without a baseline that can be read nothing passes. */
  public static Verdict needsBaseline(Bench bench) {
    GateTrials trials = GateTrials.on(bench);
    String json = trials.baseline(trials.image());
    String half = json.substring(0, json.length() / 2);
    return trials.judged(
        trials.fails("there is no baseline", trials.image()).baselines("", ""),
        trials.fails("the baseline is damaged", trials.image()).baselines(half, half));
  }

  /** Growth that was agreed to passes, and growth that only its author agreed to does not. */
  public static Verdict deliberateGrowth(Bench bench) {
    GateTrials trials = GateTrials.on(bench);
    PlantedImage larger = trials.grown("1.2");
    String old = trials.baseline(trials.image());
    String accepted = trials.accepted(trials.image(), larger, "the catalogue is part of the image");
    return trials.judged(
        trials
            .passes("the image grew by 20 %, as the base branch says it may", larger)
            .baselines(accepted, accepted),
        trials
            .fails("the image grew by 20 %, and the change brings its own baseline", larger)
            .baselines(old, accepted),
        trials
            .fails("the image grew by 20 %, and the change brings its own limits", larger)
            .settings("max-growth: 1000%\nceiling: 900GB\n"));
  }

  /** A build tool, where people who leave one behind leave it. */
  private record Leak(String folder, String stage, List<String> files) {

    private static final Map<String, List<String>> TOOLS =
        Map.of(
            "/usr/local/go", List.of("bin/go", "pkg/tool/linux/compile", "pkg/tool/linux/link"),
            "/usr/local/cargo", List.of("bin/cargo", "bin/rustc", "registry/index"),
            "/usr/share/maven", List.of("bin/mvn", "lib/maven-core.jar", "lib/maven-model.jar"));

    static Leak draw(SecureRandom random) {
      List<String> folders = List.copyOf(TOOLS.keySet());
      String folder = folders.get(random.nextInt(folders.size()));
      return new Leak(
          folder,
          "stage-" + HexFormat.of().toHexDigits((short) random.nextInt()),
          TOOLS.getOrDefault(folder, List.of()));
    }

    /** Puts it on top of an image, a third of a size large. */
    PlantedImage into(PlantedImage image, long size) {
      Map<String, Long> content = new TreeMap<>();
      files.forEach(file -> content.put(folder + "/" + file, size / 9));
      return image.layer("COPY --from=%s %s %s".formatted(stage, folder, folder), content);
    }
  }
}
