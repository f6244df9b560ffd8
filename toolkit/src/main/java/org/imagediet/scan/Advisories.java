package org.imagediet.scan;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.imagediet.yaml.StrictYaml;

/**
 * The few advisories that come with the toolkit.
 *
 * @param about what they cover, in a few words
 * @param until up to when they cover it
 */
record Advisories(String about, Instant until, List<Advisory> all) {

  private static final String FILE = "advisories.yaml";

  /** Reads them. */
  static Advisories standard() {
    try (InputStream yaml = Advisories.class.getResourceAsStream(FILE)) {
      byte[] bytes = Objects.requireNonNull(yaml, FILE).readAllBytes();
      return of(StrictYaml.read(new String(bytes, StandardCharsets.UTF_8), FILE));
    } catch (IOException e) {
      throw new IllegalStateException(FILE + " cannot be read", e);
    }
  }

  private static Advisories of(JsonNode root) {
    List<Advisory> all = new ArrayList<>();
    for (JsonNode node : root.path("advisories")) {
      all.add(
          new Advisory(
              node.path("id").asText(),
              node.path("source").asText(),
              node.path("ecosystem").asText(),
              node.path("package").asText(),
              texts(node.path("affected")),
              texts(node.path("fixed")),
              Severity.of(node.path("severity").asText()),
              node.path("title").asText()));
    }
    Instant until =
        LocalDate.parse(root.path("until").asText()).atStartOfDay(ZoneOffset.UTC).toInstant();
    return new Advisories(root.path("about").asText(), until, List.copyOf(all));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return List.copyOf(texts);
  }
}
