package org.imagediet.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.BaselineUpdate;
import org.imagediet.budget.Budget;
import org.imagediet.budget.BudgetFile;
import org.imagediet.budget.BudgetReport;
import org.imagediet.budget.Snapshot;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.report.Clean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "update",
    description = {
      "Writes an image's sizes into the baseline, and leaves the other images' entries alone.",
      "Growth above the limit needs a reason, which goes into the baseline for the review to see."
          + " No reason moves the ceiling.",
      "Exit codes: 0 done, 1 refused, 2 usage, 3 the baseline or the image cannot be read."
    },
    mixinStandardHelpOptions = true)
final class BudgetUpdateCommand implements Callable<Integer> {

  private static final int MOST_REASON = 500;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "IMAGE|FILE.tar", description = "An image's name or an archive.")
  private String subject = "";

  @Option(names = "--reason", description = "Why it is larger, when it is on purpose.")
  private Optional<String> reason = Optional.empty();

  @Mixin private BudgetOptions options = new BudgetOptions();

  @Override
  public Integer call() {
    Optional<String> why = reason.map(this::checked);
    OutputFile.requireFolder(spec, "--baseline", options.baseline());
    if (Files.exists(options.baseline()) && !Files.isRegularFile(options.baseline())) {
      throw options.wrong("--baseline: %s is no file".formatted(options.baseline()));
    }
    BudgetFile file = options.budgetFile();
    Baseline baseline =
        Files.exists(options.baseline()) ? Baseline.read(options.baseline()) : Baseline.empty();
    BudgetOptions.Measured measured = options.measure(subject, baseline, file, true);
    Optional<Snapshot> before = baseline.find(measured.name());
    Budget budget = options.budget(file, measured.name());
    BaselineUpdate update =
        BaselineUpdate.of(
            measured.name(),
            before,
            measured.image(),
            measured.base(before),
            budget,
            options.transfer(measured.name(), baseline, file, true),
            why);
    PrintWriter out = spec.commandLine().getOut();
    update
        .verdict()
        .ifPresent(verdict -> out.print(new BudgetReport(List.of(verdict), List.of()).console()));
    out.flush();
    if (update.refusal().isPresent()) {
      spec.commandLine().getErr().println(Clean.line("lab: " + update.refusal().get()));
      spec.commandLine().getErr().flush();
      return Main.WRONG;
    }
    boolean accepted =
        !update.snapshot().accepted().equals(before.map(Snapshot::accepted).orElse(List.of()));
    if (why.isPresent()) {
      out.println(accepted ? "Accepted: " + why.get() : "Nothing grew, so the reason is not kept.");
    }
    write(baseline, baseline.with(measured.name(), update.snapshot()), measured.name(), out);
    return 0;
  }

  private String checked(String text) {
    String line = Clean.line(text).strip();
    if (line.isEmpty() || line.length() > MOST_REASON) {
      throw options.wrong(
          "--reason: give a sentence of at most %d characters".formatted(MOST_REASON));
    }
    return line;
  }

  private void write(Baseline before, Baseline after, String name, PrintWriter out) {
    try {
      boolean same = Files.exists(options.baseline()) && before.json().equals(after.json());
      if (!same) {
        after.write(options.baseline());
      }
      out.println(
          Clean.line(
              same
                  ? "%s in %s is as it was.".formatted(name, options.baseline())
                  : "%s is in %s; commit it.".formatted(name, options.baseline())));
      out.flush();
    } catch (IOException e) {
      throw new EnvironmentException(
          "%s cannot be written: %s.".formatted(options.baseline(), e.getMessage()), e);
    }
  }
}
