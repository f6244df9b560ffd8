package org.imagediet.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.BaselineException;
import org.imagediet.budget.Budget;
import org.imagediet.budget.BudgetFile;
import org.imagediet.budget.BudgetReport;
import org.imagediet.budget.BudgetVerdict;
import org.imagediet.budget.Snapshot;
import org.imagediet.engine.EnvironmentException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description = {
      "Checks that images did not grow by more than they may, and are not larger than they may be.",
      "Exit codes: 0 the budget is kept, 1 it is broken, 2 usage, 3 nothing was judged, since the"
          + " baseline or an image is not there or cannot be read."
    },
    mixinStandardHelpOptions = true)
final class BudgetCheckCommand implements Callable<Integer> {

  /** How the result is printed. */
  enum Format {
    CONSOLE,
    MD,
    JSON
  }

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE|FILE.tar",
      description = "Images' names or archives.")
  private List<String> subjects = List.of();

  @Option(names = "--format", description = "console, md or json; default console.")
  private Format format = Format.CONSOLE;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write that format there, and print the console's as well.")
  private Optional<Path> output = Optional.empty();

  @Mixin private BudgetOptions options = new BudgetOptions();

  @Override
  public Integer call() {
    options.requireOne(subjects);
    output.ifPresent(file -> OutputFile.requireFolder(spec, "--output", file));
    BudgetFile file = options.budgetFile();
    Baseline baseline = readBaseline();
    List<BudgetVerdict> verdicts = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    for (String subject : subjects) {
      BudgetOptions.Measured measured = options.measure(subject, baseline, file, false);
      if (!names.add(measured.name())) {
        throw options.wrong("two of the images are called " + measured.name());
      }
      verdicts.add(judge(subject, measured, baseline, file, notes));
    }
    requireNoStranger(file, baseline, names);
    TreeSet<String> unchecked = new TreeSet<>(baseline.names());
    unchecked.removeAll(names);
    if (!unchecked.isEmpty()) {
      notes.add("In the baseline, and not checked: " + list(unchecked) + ".");
    }
    print(new BudgetReport(verdicts, notes));
    return verdicts.stream().anyMatch(BudgetVerdict::broken) ? Main.WRONG : 0;
  }

  private Baseline readBaseline() {
    if (!Files.exists(options.baseline())) {
      throw new BaselineException(
          "There is no baseline %s; `%s` makes one."
              .formatted(options.baseline(), options.updateCommand(subjects.get(0))));
    }
    return Baseline.read(options.baseline());
  }

  private BudgetVerdict judge(
      String subject,
      BudgetOptions.Measured measured,
      Baseline baseline,
      BudgetFile file,
      List<String> notes) {
    String name = measured.name();
    Snapshot before =
        baseline
            .find(name)
            .orElseThrow(
                () ->
                    new BaselineException(
                        "%s has no image %s (it has: %s); `%s` adds it."
                            .formatted(
                                options.baseline(),
                                name,
                                list(baseline.names()),
                                options.updateCommand(subject))));
    Budget budget = options.budget(file, name);
    if (!before.platform().equals(measured.image().platform())) {
      notes.add(
          "%s: the baseline is of %s, and this image is of %s."
              .formatted(name, before.platform(), measured.image().platform()));
    }
    if (budget.ceiling().isEmpty()) {
      notes.add(
          name
              + " has no ceiling, so growth just below the limit would pass for ever; --ceiling, or"
              + " `ceiling` in a budget.yaml, sets one.");
    }
    return BudgetVerdict.of(
        name, before, measured.image(), measured.base(Optional.of(before)), budget);
  }

  /** A limit of a mistyped name would be none. */
  private void requireNoStranger(BudgetFile file, Baseline baseline, TreeSet<String> names) {
    for (String name : file.names()) {
      if (!names.contains(name) && !baseline.names().contains(name)) {
        throw options.wrong(
            ("%s has settings for %s, and neither the baseline nor this check has such an image"
                    + " (checked: %s)")
                .formatted(options.budgetName(), name, list(names)));
      }
    }
  }

  private static String list(Collection<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private void print(BudgetReport report) {
    String text =
        switch (format) {
          case CONSOLE -> report.console();
          case MD -> report.markdown();
          case JSON -> report.json();
        };
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.isPresent() ? report.console() : text);
    out.flush();
    if (output.isPresent()) {
      try {
        Files.writeString(output.get(), text);
      } catch (IOException e) {
        throw new EnvironmentException(
            "%s cannot be written: %s.".formatted(output.get(), e.getMessage()), e);
      }
    }
  }
}
