package org.imagediet.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imagediet.grading.Hints;
import org.imagediet.grading.Rubric;
import org.imagediet.workbook.LabFolder;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "hint",
    description = {
      "Says what the last run found of a check, and gives one hint.",
      "Each further call says more: where to look, the idea, what to read. None says the answer."
    },
    mixinStandardHelpOptions = true)
final class HintCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "LAB", description = "A lab's number or folder.")
  private String lab = "";

  @Parameters(index = "1", paramLabel = "CHECK", description = "A check's name, as in its report.")
  private String check = "";

  @Option(
      names = "--track",
      converter = OneTrack.class,
      description = "The language of the service; without it, that of the last run.")
  private Optional<Track> track = Optional.empty();

  @Option(names = "--from-start", description = "Begin with the first hint again.")
  private boolean fromStart;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    Workbook workbook = Workbook.find();
    LabFolder folder = workbook.lab(lab).orElseThrow(() -> unknownLab(workbook.labs()));
    Hints hints = Hints.of(folder);
    Rubric rubric = hints.rubric();
    System.out.print(
        hints.next(rubric.check(check).orElseThrow(() -> unknownCheck(rubric)), track, fromStart));
    return 0;
  }

  private ParameterException unknownLab(List<LabFolder> labs) {
    String known =
        labs.stream()
            .map(one -> one.number() + " (" + one.name() + ")")
            .collect(Collectors.joining(", "));
    return new ParameterException(
        spec.commandLine(), "there is no lab '%s'; there are %s".formatted(lab, known));
  }

  private ParameterException unknownCheck(Rubric rubric) {
    List<String> known = rubric.checks().stream().map(Rubric.Check::id).toList();
    return new ParameterException(
        spec.commandLine(),
        "lab %s has no check '%s'; it has %s"
            .formatted(rubric.lab(), check, String.join(", ", known)));
  }

  /** A track, where one at a time makes sense. */
  static final class OneTrack implements ITypeConverter<Track> {
    @Override
    public Track convert(String value) {
      return Track.parse(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is no track; there are %s"
                          .formatted(
                              value,
                              Stream.of(Track.values())
                                  .map(Track::id)
                                  .collect(Collectors.joining(", ")))));
    }
  }
}
