package org.imagediet.cli;

import java.util.List;
import org.imagediet.workbook.Track;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code --track go|java|all}. */
final class TrackOption implements ITypeConverter<TrackOption> {

  private final List<Track> tracks;

  TrackOption() {
    this(List.of());
  }

  private TrackOption(List<Track> tracks) {
    this.tracks = tracks;
  }

  List<Track> tracks() {
    return tracks;
  }

  @Override
  public TrackOption convert(String value) {
    if (value.equals("all")) {
      return new TrackOption(List.of(Track.values()));
    }
    return Track.parse(value)
        .map(track -> new TrackOption(List.of(track)))
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is no track; there are %s and all"
                        .formatted(
                            value,
                            String.join(
                                ", ", List.of(Track.values()).stream().map(Track::id).toList()))));
  }
}
