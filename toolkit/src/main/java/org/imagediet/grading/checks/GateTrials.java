package org.imagediet.grading.checks;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.BaselineUpdate;
import org.imagediet.budget.Budget;
import org.imagediet.budget.Snapshot;
import org.imagediet.grading.Bench;
import org.imagediet.grading.FailedEarlier;
import org.imagediet.grading.Submission;
import org.imagediet.grading.Verdict;
import org.imagediet.workflow.Checkout.Tree;
import org.imagediet.workflow.GateJob;
import org.imagediet.workflow.PlantedImage;
import org.imagediet.workflow.PullRequest;
import org.imagediet.workflow.Trial;
import org.imagediet.workflow.WorkflowException;

/**
 * Runs a submission's gate for changes that are planted: the image, the baseline of the branch that
 * the change goes to, and what the change itself has in its place.
 *
 * @param size bytes of the image that is planted: that of the submission, or less where its ceiling
 *     is near, so that only the growth is tried
 * @param real bytes of the image of the submission
 */
record GateTrials(
    Bench bench, GateJob job, PullRequest change, String architecture, long size, long real) {

  /** So small an image that a floor of its own is no use. */
  private static final long LEAST = 100_000;

  private static final int SHOWN_LINES = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Prepares for a submission.
   *
   * @throws FailedEarlier when its image does not build, or its workflow has no gate to run
   */
  static GateTrials on(Bench bench) {
    PullRequest change = change(RANDOM);
    GateJob job;
    try {
      job = bench.submission().workflow().job(change);
    } catch (IOException | WorkflowException e) {
      throw new FailedEarlier("workflow", SizeGate.unreadable(e));
    }
    long real = bench.image().sizes().unpackedBytes();
    // The largest that is planted has 1.33 times the size.
    long most = ceiling(bench) / 14 * 10;
    return new GateTrials(
        bench,
        job,
        change,
        bench.laboratory().engine().architecture(),
        // A multiple of 1000, of which 5.1 % are whole bytes.
        Math.max(LEAST, Math.min(real, most) / 1000 * 1000),
        real);
  }

  private static long ceiling(Bench bench) {
    try {
      return bench
          .submission()
          .budget()
          .of(SizeGate.IMAGE)
          .budget()
          .ceiling()
          .orElse(Long.MAX_VALUE);
    } catch (IOException | IllegalArgumentException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Draws a change whose commits nobody has seen before. */
  static PullRequest change(SecureRandom random) {
    byte[] commits = new byte[40];
    random.nextBytes(commits);
    HexFormat hex = HexFormat.of();
    return new PullRequest(hex.formatHex(commits, 0, 20), hex.formatHex(commits, 20, 40));
  }

  PlantedImage image() {
    return of(size);
  }

  /** An image of that many times the size. */
  PlantedImage sized(String times) {
    return of(times(times, size));
  }

  /** An image of that many times the size of the submission's. */
  PlantedImage asYours(String times) {
    return of(times(times, real));
  }

  /** The image, and so much on top that it has that many times the size. */
  PlantedImage grown(String times) {
    return image()
        .layer("COPY /assets /assets", Map.of("/assets/catalogue.bin", times(times, size) - size));
  }

  private static long times(String times, long bytes) {
    return new BigDecimal(times).multiply(BigDecimal.valueOf(bytes)).longValue();
  }

  private PlantedImage of(long bytes) {
    return PlantedImage.named(SizeGate.IMAGE + ":ci", architecture)
        .ballast("COPY /usr /usr", "/usr/share/zoneinfo/tzdata.zi", bytes - bytes / 2)
        .layer("COPY /app /app", Map.of("/app", bytes / 2));
  }

  /** Returns the text of an image's baseline. */
  String baseline(PlantedImage image) {
    return Baseline.empty()
        .with(SizeGate.IMAGE, Snapshot.of(image.read(), Optional.empty()))
        .json();
  }

  /** Returns the text of a baseline that was updated from one image to another. */
  String accepted(PlantedImage before, PlantedImage after, String reason) {
    BaselineUpdate update =
        BaselineUpdate.of(
            SizeGate.IMAGE,
            Optional.of(Snapshot.of(before.read(), Optional.empty())),
            after.read(),
            Optional.empty(),
            Budget.standard(),
            true,
            Optional.of(reason));
    return Baseline.empty().with(SizeGate.IMAGE, update.snapshot()).json();
  }

  Case passes(String what, PlantedImage now) {
    String baseline = baseline(image());
    return new Case(what, true, now, baseline, baseline, Optional.empty(), List.of());
  }

  Case fails(String what, PlantedImage now) {
    String baseline = baseline(image());
    return new Case(what, false, now, baseline, baseline, Optional.empty(), List.of());
  }

  /**
   * A change, and what its job must come to.
   *
   * @param base the baseline of the branch that it goes to; empty for none
   * @param own the baseline that it brings along
   * @param limits the settings that it brings along, where they are others
   * @param named what the job must tell whoever reads on
   */
  record Case(
      String what,
      boolean passes,
      PlantedImage now,
      String base,
      String own,
      Optional<String> limits,
      List<String> named) {

    Case baselines(String ofBase, String ofChange) {
      return new Case(what, passes, now, ofBase, ofChange, limits, named);
    }

    Case settings(String ofChange) {
      return new Case(what, passes, now, base, own, Optional.of(ofChange), named);
    }

    Case naming(List<String> culprits) {
      return new Case(what, passes, now, base, own, limits, culprits);
    }
  }

  /** Runs the cases up to the first whose end is another one. */
  Verdict judged(Case... cases) {
    List<String> right = new ArrayList<>();
    for (Case one : cases) {
      Trial trial = run(one);
      String measured = one.what() + ": " + ended(trial);
      if (trial.passed() != one.passes()) {
        return Verdict.fail(
            measured + written(trial),
            one.passes()
                ? "Which command ended so, and what did it compare with what?"
                : "Which command should have known better, where did it take its numbers from, and"
                    + " who asks it how it ended?");
      }
      String told = trial.output() + trial.summary();
      List<String> unnamed = one.named().stream().filter(name -> !told.contains(name)).toList();
      if (!unnamed.isEmpty()) {
        return Verdict.fail(
            "%s, and neither its output nor the summary of the job says %s%s"
                .formatted(measured, String.join(" or ", unnamed), written(trial)),
            "Somebody has to find the line that did it. Who knows it, and what became of that?");
      }
      right.add(measured);
    }
    return Verdict.pass(String.join("\n", right));
  }

  private Trial run(Case one) {
    Map<Tree, Map<String, byte[]>> trees = new EnumMap<>(Tree.class);
    trees.put(Tree.BASE, tree(one.base(), Optional.empty()));
    trees.put(Tree.CHANGE, tree(one.own(), one.limits()));
    return bench
        .laboratory()
        .runner()
        .run(job, change, trees, Map.of("image.tar", one.now().archive()));
  }

  private Map<String, byte[]> tree(String baseline, Optional<String> settings) {
    Map<String, byte[]> files = new TreeMap<>();
    String folder = "%s/%s/".formatted(bench.submission().lab(), bench.submission().track().id());
    bench.submission().texts().forEach((name, text) -> files.put(folder + name, bytes(text)));
    files.remove(folder + Submission.BASELINE);
    if (!baseline.isEmpty()) {
      files.put(folder + Submission.BASELINE, bytes(baseline));
    }
    settings.ifPresent(text -> files.put(folder + Submission.BUDGET, bytes(text)));
    return files;
  }

  private static String ended(Trial trial) {
    String steps = trial.lastStep().isEmpty() ? "the steps" : "the step " + trial.lastStep();
    return trial.exitCode().isEmpty()
        ? "the steps did not end within a minute"
        : "%s ended with %d".formatted(steps, trial.exitCode().getAsInt());
  }

  private static String written(Trial trial) {
    List<String> lines = trial.output().lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty()
        ? "; it wrote nothing"
        : "; its last lines:\n"
            + String.join(
                "\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
