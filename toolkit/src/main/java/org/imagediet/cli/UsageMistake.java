package org.imagediet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imagediet.report.Clean;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, in one sentence with the nearest right word. */
final class UsageMistake {

  private UsageMistake() {}

  /** Tells a person, and returns the exit code for wrong usage. */
  static int report(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    String sentence = Clean.line(sentence(e)).replaceFirst("[.\\s]+$", "");
    line.getErr()
        .println(
            "lab: %s Try `./%s --help`."
                .formatted(
                    sentence.endsWith("?") ? sentence : sentence + ".",
                    line.getCommandSpec().qualifiedName()));
    line.getErr().flush();
    return ExitCode.USAGE;
  }

  private static String sentence(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(e.getCommandLine(), unmatched.getUnmatched().get(0));
    }
    String message = String.valueOf(e.getMessage());
    return message.isEmpty()
        ? "wrong usage"
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }

  private static String unmatched(CommandLine line, String word) {
    boolean option = word.startsWith("-") && word.length() > 1;
    boolean commands = !line.getSubcommands().isEmpty();
    List<String> known = new ArrayList<>();
    if (option) {
      line.getCommandSpec().optionsMap().keySet().stream()
          .filter(name -> name.startsWith("--"))
          .forEach(known::add);
    } else {
      known.addAll(line.getSubcommands().keySet());
    }
    String kind = option ? "there is no option " : commands ? "there is no command " : "";
    String what =
        kind.isEmpty() ? "'" + word + "' is one argument too many" : kind + "'" + word + "'";
    return what + nearest(word, known).map(name -> "; did you mean '" + name + "'?").orElse("");
  }

  /** Returns the known word with the fewest typing errors, when they are few. */
  static Optional<String> nearest(String word, List<String> known) {
    String bare = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    Optional<String> best = Optional.empty();
    int fewest = Integer.MAX_VALUE;
    for (String name : known) {
      int errors = name.startsWith(bare) && bare.length() > 1 ? 1 : distance(bare, name);
      int bearable = Math.max(1, name.replace("-", "").length() / 2);
      if (errors <= bearable && errors < fewest) {
        fewest = errors;
        best = Optional.of(name);
      }
    }
    return best;
  }

  /** Counts the characters to add, drop, change, or swap with their neighbour. */
  private static int distance(String a, String b) {
    int longest = 64;
    if (a.length() > longest || b.length() > longest) {
      return longest;
    }
    int[][] errors = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          errors[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        errors[i][j] =
            Math.min(
                Math.min(errors[i - 1][j], errors[i][j - 1]) + 1, errors[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          errors[i][j] = Math.min(errors[i][j], errors[i - 2][j - 2] + 1);
        }
      }
    }
    return errors[a.length()][b.length()];
  }
}
