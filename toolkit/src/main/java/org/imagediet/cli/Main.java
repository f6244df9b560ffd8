package org.imagediet.cli;

import org.imagediet.archive.ArchiveException;
import org.imagediet.diet.DietException;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.report.Clean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/** The command line behind {@code ./lab}. */
@Command(
    name = "lab",
    description = "Three Image Diet: learn to make container images small and safe.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "Three Image Diet 1.0",
    footer = {
      "",
      "Exit codes: 0 good, 1 the answer is wrong, 2 usage, 3 the environment is at fault."
    },
    subcommands = {
      SetupCommand.class,
      DietCommand.class,
      InspectCommand.class,
      BasesCommand.class,
      VerifyCommand.class,
    })
public final class Main implements Runnable {

  /** The answer, or what was asked to be judged, is wrong. */
  static final int WRONG = 1;

  /** The machine lacks something. */
  static final int ENVIRONMENT = 3;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  /** Runs a command and ends with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::usage)
        .setExecutionExceptionHandler((e, line, result) -> failed(e, line))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100);
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  private static int usage(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    line.getErr().println("lab: " + Clean.line(e.getMessage()));
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr())) {
      line.getErr().println("Try `./" + line.getCommandSpec().qualifiedName() + " --help`.");
    }
    return ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine line) {
    if (System.getenv("LAB_DEBUG") != null) {
      e.printStackTrace(line.getErr());
    }
    if (e instanceof EnvironmentException) {
      line.getErr().println("lab: " + Clean.line(e.getMessage()));
      return ENVIRONMENT;
    }
    if (e instanceof ArchiveException || e instanceof DietException) {
      e.getMessage().lines().forEach(text -> line.getErr().println("lab: " + Clean.line(text)));
      return WRONG;
    }
    if (e instanceof IllegalArgumentException) {
      line.getErr().println("lab: " + Clean.line(String.valueOf(e.getMessage())));
      return ExitCode.USAGE;
    }
    line.getErr()
        .println(
            "lab: internal error: %s; please report it with what LAB_DEBUG=1 adds to it."
                .formatted(Clean.line(String.valueOf(e))));
    return ENVIRONMENT;
  }
}
