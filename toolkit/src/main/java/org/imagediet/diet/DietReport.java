package org.imagediet.diet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.imagediet.image.Finding;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Tradeoff;
import org.imagediet.report.Bytes;
import org.imagediet.report.Clean;
import org.imagediet.report.Table;
import org.imagediet.workbook.Track;

/** A diet as console text, as a Markdown page and as JSON. */
public final class DietReport {

  private final DietResult result;

  /** Reports one result. */
  public DietReport(DietResult result) {
    this.result = result;
  }

  /** Returns the tables for a terminal. */
  public String console() {
    StringBuilder text = new StringBuilder();
    if (!result.measurements().isEmpty()) {
      text.append('\n').append(sizes().console());
    }
    for (Map.Entry<Track, List<Measurement>> track : byTrack().entrySet()) {
      text.append('\n').append(tradeoffs(track.getKey(), track.getValue()).console());
    }
    text.append('\n');
    notes().forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }

  /** Returns the page {@code diet.md}. */
  public String markdown() {
    StringBuilder text = new StringBuilder("# One service, three images\n\n");
    if (!result.measurements().isEmpty()) {
      text.append(sizes().markdown()).append('\n');
    }
    for (Map.Entry<Track, List<Measurement>> track : byTrack().entrySet()) {
      text.append("## What the ").append(track.getKey().id()).append(" images give up\n\n");
      text.append(tradeoffs(track.getKey(), track.getValue()).markdown()).append('\n');
      for (Measurement measurement : track.getValue()) {
        text.append("### ").append(label(measurement)).append("\n\n");
        for (Tradeoff tradeoff : Tradeoff.values()) {
          Observation seen = measurement.behaviour().tradeoffs().get(tradeoff);
          text.append("- ").append(tradeoff.title()).append(": ").append(word(seen));
          text.append(" (`").append(Clean.line(seen.evidence()).replace('`', '\'')).append("`)\n");
        }
        text.append('\n');
      }
    }
    notes().forEach(note -> text.append(note).append("\n\n"));
    return text.toString();
  }

  /** Returns the contents of {@code diet.json}. */
  public ObjectNode json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("own", result.own());
    root.set("standIns", strings(result.standIns()));
    root.put("engine", result.engine());
    ArrayNode images = root.putArray("images");
    for (Measurement measurement : result.measurements()) {
      ObjectNode image = images.addObject();
      image.put("track", measurement.reference().track().id());
      image.put("variant", measurement.reference().variant());
      ObjectNode sizes = image.putObject("sizes");
      sizes.put("transferBytes", transfer(measurement));
      sizes.put("unpackedBytes", unpacked(measurement));
      sizes.put("rootfsBytes", measurement.image().sizes().rootfsBytes());
      image.put("files", files(measurement));
      image.put("packages", measurement.image().packages().size());
      image.put("setuid", measurement.image().setuid().size());
      image.set("shells", strings(shells(measurement)));
      image.put("uid", measurement.behaviour().uid());
      image.put("startMillis", measurement.behaviour().firstAnswer().toMillis());
      ObjectNode tradeoffs = image.putObject("tradeoffs");
      for (Tradeoff tradeoff : Tradeoff.values()) {
        Observation seen = measurement.behaviour().tradeoffs().get(tradeoff);
        ObjectNode node = tradeoffs.putObject(tradeoff.key());
        node.put("works", seen.works());
        node.put("evidence", Clean.line(seen.evidence()));
      }
    }
    root.set("leftOut", strings(result.leftOut()));
    root.set("failed", strings(result.failed().stream().map(Clean::line).toList()));
    return root;
  }

  private Table sizes() {
    Table table =
        Table.of(
            "image",
            "unpacked",
            "transfer",
            "rootfs",
            "smaller",
            "files",
            "packages",
            "setuid",
            "shells",
            "uid",
            "first answer");
    for (Map.Entry<Track, List<Measurement>> ofTrack : byTrack().entrySet()) {
      List<Measurement> track = ofTrack.getValue();
      Optional<Measurement> naive =
          track.stream().filter(m -> m.reference().variant().equals(Reference.NAIVE)).findFirst();
      for (Measurement measurement : track) {
        table.row(
            label(measurement),
            Bytes.megabytes(unpacked(measurement)),
            Bytes.megabytes(transfer(measurement)),
            Bytes.megabytes(measurement.image().sizes().rootfsBytes()),
            naive.map(most -> ratio(unpacked(most), unpacked(measurement))).orElse("-"),
            Integer.toString(files(measurement)),
            Integer.toString(measurement.image().packages().size()),
            Integer.toString(measurement.image().setuid().size()),
            Integer.toString(shells(measurement).size()),
            Integer.toString(measurement.behaviour().uid()),
            measurement.behaviour().firstAnswer().toMillis() + " ms");
      }
      if (Reference.withoutScratch(ofTrack.getKey()).isPresent()) {
        // A note says why.
        List<String> none = new ArrayList<>(List.of(ofTrack.getKey().id() + " scratch", "none"));
        none.addAll(Collections.nCopies(9, "-"));
        table.row(none);
      }
    }
    return table;
  }

  private static String ratio(long naive, long bytes) {
    return String.format(
        Locale.ROOT, naive >= 20 * bytes ? "%.0fx" : "%.1fx", (double) naive / bytes);
  }

  private static Table tradeoffs(Track track, List<Measurement> measurements) {
    List<String> header = new ArrayList<>(List.of(track.id() + ": what still works"));
    measurements.forEach(measurement -> header.add(measurement.reference().variant()));
    Table table = Table.of(header);
    for (Tradeoff tradeoff : Tradeoff.values()) {
      List<String> cells = new ArrayList<>(List.of(tradeoff.title()));
      measurements.forEach(m -> cells.add(word(m.behaviour().tradeoffs().get(tradeoff))));
      table.row(cells);
    }
    return table;
  }

  private static String word(Observation seen) {
    return seen.works() ? "yes" : "no";
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!result.measurements().isEmpty()) {
      notes.add(
          "unpacked: bytes of all files in all layers (every threshold uses it); transfer: what a"
              + " registry would send; rootfs: what the container sees; MB is 10^6 bytes. smaller:"
              + " naive divided by this, unpacked.");
    }
    notes.addAll(result.notes());
    return notes;
  }

  private Map<Track, List<Measurement>> byTrack() {
    Map<Track, List<Measurement>> tracks = new TreeMap<>();
    for (Measurement measurement : result.measurements()) {
      tracks
          .computeIfAbsent(measurement.reference().track(), track -> new ArrayList<>())
          .add(measurement);
    }
    return tracks;
  }

  private static String label(Measurement measurement) {
    return measurement.reference().track().id() + " " + measurement.reference().variant();
  }

  private static long unpacked(Measurement measurement) {
    return measurement.image().sizes().unpackedBytes();
  }

  private static long transfer(Measurement measurement) {
    return measurement.image().sizes().transferBytes().orElseThrow();
  }

  private static int files(Measurement measurement) {
    return measurement.image().files().regularFiles();
  }

  private static List<String> shells(Measurement measurement) {
    return measurement.image().shells().stream().map(Finding::path).distinct().toList();
  }

  private static ArrayNode strings(List<String> texts) {
    ArrayNode array = new ObjectMapper().createArrayNode();
    texts.forEach(array::add);
    return array;
  }
}
