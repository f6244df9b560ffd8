package org.imagediet.workbook;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.imagediet.workbook.Dockerfile.Instruction;
import org.imagediet.workbook.Dockerfile.Stage;

/**
 * Refuses what a stranger's Dockerfile must not do on a grader's machine: fetch from the network on
 * the builder's own behalf (its loopback is the host's), bring a parser of its own, leave the
 * build's sandbox. What it cannot follow it refuses too.
 */
public final class DockerfileGuard {

  /** Builders look for it in the first comments, in more spellings than one; JSON is no FROM. */
  private static final Pattern SYNTAX =
      Pattern.compile("(?imUd)^[\\s\\x{FEFF}&&[^\\n]]*(?:#|//)\\s*syntax\\s*=");

  /** Printable, and without what builders would take away or replace. */
  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e&&[^\"'`\\\\]]+");

  private static final List<String> MOUNTS = List.of("bind", "cache", "tmpfs", "secret");

  private DockerfileGuard() {}

  /**
   * Looks for what is not allowed.
   *
   * @return nothing, or one sentence that names the line
   */
  public static Optional<String> refusal(String text, Dockerfile file) {
    if (SYNTAX.matcher(text).find()) {
      return Optional.of(
          "The Dockerfile asks for a parser of its own (syntax=); the grader uses the builder's.");
    }
    for (Stage stage : file.stages()) {
      for (Instruction instruction : stage.instructions()) {
        Optional<String> problem = problem(instruction, 0);
        if (problem.isPresent()) {
          return Optional.of(
              "Dockerfile, line %d: %s.".formatted(instruction.line(), problem.get()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(Instruction instruction, int depth) {
    if (instruction.keyword().equals("ONBUILD")) {
      return depth > 0
          ? Optional.of("ONBUILD cannot stand in an ONBUILD")
          : problem(instruction.deferred().orElseThrow(), depth + 1);
    }
    if (instruction.keyword().equals("FROM")) {
      return Optional.of("FROM cannot stand in an ONBUILD");
    }
    for (String flag : instruction.flags()) {
      String plain = flag.toLowerCase(Locale.ROOT);
      boolean network = plain.startsWith("--network") && !plain.matches("--network=(none|default)");
      boolean security = plain.startsWith("--security") && !plain.equals("--security=sandbox");
      if (network || security || plain.startsWith("--device")) {
        return Optional.of(
            flag + " would leave the build's sandbox, which the grader does not allow");
      }
      if (!PLAIN.matcher(flag).matches()) {
        return Optional.of(
            flag + " has quotes, escapes or letters with accents in it; write it plainly");
      }
      if (plain.equals("--mount") || plain.equals("--from")) {
        return Optional.of(flag + " needs a value, joined with =");
      }
    }
    for (var mount : instruction.mounts()) {
      String type = mount.getOrDefault("type", "bind");
      if (!MOUNTS.contains(type)) {
        return Optional.of("a mount of type " + type + " is not available to the grader's builds");
      }
    }
    if (instruction.keyword().equals("ADD")) {
      return addProblem(instruction);
    }
    return Optional.empty();
  }

  private static Optional<String> addProblem(Instruction add) {
    String sources = add.arguments();
    if (sources.matches(".*[\"'$\\\\`].*")) {
      return Optional.of(
          "ADD with quotes, escapes or a variable may fetch anything; use COPY, or write it"
              + " plainly");
    }
    // Every address has one: https://host/path, git@host:path.
    if (sources.contains(":")) {
      return Optional.of(
          "ADD fetches from the network, which the grader does not allow; bring the file with COPY");
    }
    return Optional.empty();
  }
}
