package org.imagediet.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line behind {@code ./lab}. */
@Command(
    name = "lab",
    description = "Three Image Diet: learn to make container images small and safe.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "Three Image Diet 1.0",
    footer = {
      "",
      "`./lab COMMAND --help` says more. Relative file names start at your current folder.",
      "Exit codes: 0 good, 1 the answer is wrong, 2 usage, 3 the environment is at fault."
    },
    // In the order of the help.
    subcommands = {
      SetupCommand.class,
      DietCommand.class,
      VariantsCommand.class,
      SurfaceCommand.class,
      HintCommand.class,
      InspectCommand.class,
      ScanCommand.class,
      BudgetCommand.class,
      BasesCommand.class,
      HandoutCommand.class,
      VerifyCommand.class,
    })
public final class Main implements Runnable {

  /** The answer, or what was asked to be judged, is wrong. */
  static final int WRONG = Failure.WRONG;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  /** Runs a command and ends with its exit code. */
  public static void main(String[] arguments) {
    Failure.quiet();
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    CommandLine line = commandLine();
    try {
      return line.execute(arguments);
    } catch (Throwable e) {
      // Errors such as exhausted memory pass picocli by.
      return Failure.of(e).report(line.getErr());
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(UsageMistake::report)
        .setExecutionExceptionHandler((e, line, result) -> Failure.of(e).report(line.getErr()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
