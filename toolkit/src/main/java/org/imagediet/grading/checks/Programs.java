package org.imagediet.grading.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Finding;
import org.imagediet.image.Layer;
import org.imagediet.image.ProgramKind;
import org.imagediet.observation.ShellOffers;
import org.imagediet.workbook.Track;

/** Programs that a release must not ship, by what they are and not by what they are called. */
public final class Programs {

  private static final int MOST_NAMED = 5;

  private Programs() {}

  /** Nothing in it, offered to be a shell, is one, and no known shell is in any layer. */
  public static Verdict noShell(Bench bench) {
    ContainerImage image = bench.image();
    if (!image.shells().isEmpty()) {
      return Verdict.fail(named(image.shells()), "Which line of the Dockerfile brings it in?");
    }
    List<Finding> hidden = hidden(image, ProgramKind.SHELL);
    if (!hidden.isEmpty()) {
      return Verdict.fail(
          named(hidden) + "; a later layer hides it, but its bytes are still shipped",
          "What does deleting a file in a later layer do to the layer below?");
    }
    ShellOffers offers = bench.shellOffers();
    if (offers.shell().isPresent()) {
      String path = offers.shell().get();
      return Verdict.fail(
          path + " answers as a shell, whatever its name" + origin(image, path),
          "What is it really, and which line brings it in?");
    }
    if (offers.untried() > 0) {
      return Verdict.fail(
          "it holds %d programs, too many to vouch for each"
              .formatted(offers.tried() + offers.untried()),
          "What needs so many programs in a release?");
    }
    return Verdict.pass(
        "%d programs were offered to be a shell, and none was".formatted(offers.tried()));
  }

  private static String origin(ContainerImage image, String path) {
    return image
        .files()
        .lookup(path)
        .map(file -> ", from " + layer(image, file.layer()))
        .orElse("");
  }

  private static String layer(ContainerImage image, int index) {
    String instruction = image.layers().get(index).instruction();
    return "layer " + (index + 1) + (instruction.isEmpty() ? "" : ": " + instruction);
  }

  /** No package manager, whole or hidden. */
  public static Verdict noPackageManager(Bench bench) {
    return none(bench.image(), ProgramKind.PACKAGE_MANAGER, "no package manager in any layer");
  }

  /** No compiler, no build tool, and no interpreter that the service is not written for. */
  public static Verdict noToolchain(Bench bench) {
    Verdict compilers =
        none(bench.image(), ProgramKind.COMPILER, "no compiler and no build tool in any layer");
    List<Finding> strange =
        bench.image().interpreters().stream()
            .filter(
                found -> !interpreters(bench.submission().track()).contains(found.program().name()))
            .toList();
    if (compilers.outcome() == org.imagediet.grading.Outcome.PASS && !strange.isEmpty()) {
      return Verdict.fail(
          named(strange), "Does the service need an interpreter for another language?");
    }
    return compilers;
  }

  /** The interpreters that a service needs, by what a finding calls them. */
  private static List<String> interpreters(Track track) {
    return switch (track) {
      case GO, RUST -> List.of();
      case JAVA -> List.of("java");
      case PYTHON -> List.of("python");
    };
  }

  private static Verdict none(ContainerImage image, ProgramKind kind, String fine) {
    List<Finding> visible =
        kind == ProgramKind.COMPILER ? image.compilers() : image.packageManagers();
    if (!visible.isEmpty()) {
      return Verdict.fail(named(visible), "Which stage needs it, and does the release stage?");
    }
    List<Finding> hidden = hidden(image, kind);
    return hidden.isEmpty()
        ? Verdict.pass(fine)
        : Verdict.fail(
            named(hidden) + "; a later layer hides it, but its bytes are still shipped",
            "What does deleting a file in a later layer do to the layer below?");
  }

  private static List<Finding> hidden(ContainerImage image, ProgramKind kind) {
    return image.hiddenPrograms().stream().filter(found -> found.program().kind() == kind).toList();
  }

  private static String named(List<Finding> findings) {
    List<String> words = new ArrayList<>();
    for (Finding finding : findings.subList(0, Math.min(MOST_NAMED, findings.size()))) {
      words.add(
          "%s is %s, by %s, from layer %d%s"
              .formatted(
                  finding.path(),
                  finding.program().name(),
                  finding.evidence(),
                  finding.layer() + 1,
                  finding.instruction().isEmpty() ? "" : ": " + finding.instruction()));
    }
    int more = findings.size() - words.size();
    return String.join("\n", words) + (more > 0 ? "\nand " + more + " more" : "");
  }

  /** Nothing that only a build or a test needs: no source of the service, no test of it. */
  public static Verdict noSources(Bench bench) {
    Pattern onlyForBuilds = onlyForBuilds(bench.submission().track());
    List<String> found = new ArrayList<>();
    Optional<Layer> first = Optional.empty();
    for (Layer layer : bench.image().layers()) {
      for (FileEntry entry : layer.entries()) {
        if (entry.regular() && onlyForBuilds.matcher(entry.path()).matches()) {
          found.add(entry.path());
          first = first.or(() -> Optional.of(layer));
        }
      }
    }
    return found.isEmpty()
        ? Verdict.pass("no source and no test is in any layer")
        : Verdict.fail(
            "%d files that only a build needs are shipped, such as %s, from layer %d: %s"
                .formatted(
                    found.size(),
                    found.get(0),
                    first.orElseThrow().index() + 1,
                    first.orElseThrow().instruction()),
            "Which stage is the release made from, and what else is in it?");
  }

  /** Tells a file that only a build needs by its path. */
  static Pattern onlyForBuilds(Track track) {
    return Pattern.compile(
        switch (track) {
          case GO -> ".*(\\.go|/go\\.mod)";
          case JAVA -> ".*(\\.java|Test\\.class)";
          // What is run is the source, so that only a test tells. Python's library has a test too.
          case PYTHON ->
              "(?!.*/python3\\.\\d+/test/)(.*/test_[^/]*|.*/(tests|drill|drill_tests)/.*)\\.pyc?";
          case RUST -> ".*(\\.rs|/Cargo\\.(toml|lock))";
        });
  }

  /**
   * A compiler, a Java development kit, or Python's installer of packages is in the final image.
   */
  public static Verdict builderInside(Bench bench) {
    // Python is compiled by its interpreter: what is only there to build with is pip.
    boolean python = bench.submission().track() == Track.PYTHON;
    List<Finding> builders =
        python
            ? bench.image().packageManagers().stream()
                .filter(found -> found.program().name().startsWith("pip"))
                .toList()
            : bench.image().compilers();
    return builders.isEmpty()
        ? Verdict.fail(
            "there is no %s in the image".formatted(python ? "pip" : "compiler"),
            "In this lab one stage does everything: what did the build need?")
        : Verdict.pass("as a naive image does, it ships " + named(builders.subList(0, 1)));
  }
}
