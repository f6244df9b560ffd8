package org.imagediet.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "budget",
    description = {
      "Compares the sizes of images with a committed baseline, and says what made them grow.",
      "check is the gate of a CI job; update writes the baseline, with a reason for growth."
    },
    subcommands = {BudgetCheckCommand.class, BudgetUpdateCommand.class},
    synopsisSubcommandLabel = "(check | update)",
    mixinStandardHelpOptions = true)
final class BudgetCommand implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: check or update");
  }
}
