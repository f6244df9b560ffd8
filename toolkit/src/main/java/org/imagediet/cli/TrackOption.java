package org.imagediet.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code --track go|java|...|all}. */
final class TrackOption implements ITypeConverter<TrackOption> {

  private final String value;

  TrackOption() {
    this("");
  }

  private TrackOption(String value) {
    this.value = value;
  }

  @Override
  public TrackOption convert(String given) {
    return new TrackOption(given);
  }

  /**
   * Returns the tracks that are meant.
   *
   * @throws ParameterException when the workbook has no such track
   */
  List<Track> tracks(CommandSpec spec, Workbook workbook) {
    List<Track> tracks = workbook.tracks();
    if (value.equals("all")) {
      return tracks;
    }
    return Track.parse(value)
        .filter(tracks::contains)
        .map(List::of)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "'%s' is no track of this workbook; there are %s and all"
                        .formatted(
                            value,
                            tracks.stream().map(Track::id).collect(Collectors.joining(", ")))));
  }
}
