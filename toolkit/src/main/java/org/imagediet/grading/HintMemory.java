package org.imagediet.grading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.imagediet.workbook.Track;

/**
 * How many hints of each check were given. It is a convenience: where it cannot be read nothing was
 * given, and where it cannot be written nobody is bothered.
 */
final class HintMemory {

  /** In a lab's {@code target}, beside the folder {@code grade}, which each run clears. */
  static final String FILE = "hints.json";

  /**
   * What was given of one check.
   *
   * @param about stands for the problem that the hints were about; empty before one was seen
   */
  record Given(int hints, String about) {

    static final Given NOTHING = new Given(0, "");
  }

  private final Path file;
  private final Map<String, Given> given = new TreeMap<>();

  private HintMemory(Path file) {
    this.file = file;
  }

  /** Remembers what a file says. */
  static HintMemory in(Path file) {
    HintMemory memory = new HintMemory(file);
    JsonNode root = JsonFile.read(file);
    root.properties()
        .forEach(
            entry ->
                memory.given.put(
                    entry.getKey(),
                    new Given(
                        entry.getValue().path("hints").asInt(),
                        entry.getValue().path("about").asText())));
    return memory;
  }

  /** Returns what was given of a check. */
  Given of(Track track, String check) {
    return given.getOrDefault(key(track, check), Given.NOTHING);
  }

  /** Remembers from now on what was given of a check. */
  void put(Track track, String check, Given now) {
    given.put(key(track, check), now);
  }

  /** Forgets a check; returns whether there was something to forget. */
  boolean forget(Track track, String check) {
    return given.remove(key(track, check)) != null;
  }

  private static String key(Track track, String check) {
    return track.id() + " " + check;
  }

  /** Writes it down, if that is possible. */
  void save() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    given.forEach(
        (key, one) -> root.putObject(key).put("hints", one.hints()).put("about", one.about()));
    try {
      JsonFile.write(root, file);
    } catch (IOException e) {
      // A folder that is read-only; the next call begins with the first hint again.
    }
  }
}
