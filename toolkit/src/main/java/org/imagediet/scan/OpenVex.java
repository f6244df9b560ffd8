package org.imagediet.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imagediet.report.Clean;

/**
 * An OpenVEX document of version 0.2.0, see <a
 * href="https://github.com/openvex/spec">github.com/openvex/spec</a>. Reading takes whatever is
 * JSON of the right shape; what it says is judged by {@link Triage}.
 *
 * @param context empty when it is absent, as the other texts
 * @param version 0 when it is absent or no number
 */
public record OpenVex(
    String context,
    String id,
    String author,
    Optional<Instant> timestamp,
    int version,
    List<VexStatement> statements) {

  private static final int MOST_BYTES = 1 << 20;
  private static final int DEEPEST = 20;
  private static final int MOST_TEXT = 20_000;
  private static final int MOST_STATEMENTS = 2_000;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(MOST_TEXT)
                          .maxNumberLength(20)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Reads a document.
   *
   * @param name what messages call it, such as {@code triage.json}
   * @throws OpenVexException in one sentence, when it is none
   */
  public static OpenVex read(byte[] json, String name) {
    if (json.length > MOST_BYTES) {
      throw new OpenVexException(
          "%s is longer than %d bytes; a triage is not.".formatted(name, MOST_BYTES));
    }
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String problem = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      throw new OpenVexException(
          "%s, line %d: this is no JSON: %s.".formatted(name, line, Clean.quoted(problem)), e);
    } catch (IOException e) {
      throw new OpenVexException(name + " cannot be read: " + e.getMessage() + ".", e);
    }
    if (!root.isObject()) {
      throw new OpenVexException(name + " is no OpenVEX document: it is no JSON object.");
    }
    JsonNode statements = root.path("statements");
    if (!statements.isArray()) {
      throw new OpenVexException(name + " is no OpenVEX document: it has no list `statements`.");
    }
    if (statements.size() > MOST_STATEMENTS) {
      throw new OpenVexException(
          "%s has more than %d statements.".formatted(name, MOST_STATEMENTS));
    }
    return document(root, name);
  }

  private static OpenVex document(JsonNode root, String name) {
    Optional<Instant> issued = time(root, "timestamp", name);
    Optional<Instant> time = time(root, "last_updated", name).or(() -> issued);
    List<VexStatement> statements = new ArrayList<>();
    for (JsonNode node : root.path("statements")) {
      String where = name + ", statement " + (statements.size() + 1);
      if (!node.isObject()) {
        throw new OpenVexException(where + " is no JSON object.");
      }
      statements.add(statement(node, statements.size() + 1, time, where));
    }
    return new OpenVex(
        text(root, "@context", name),
        text(root, "@id", name),
        text(root, "author", name),
        issued,
        root.path("version").asInt(),
        List.copyOf(statements));
  }

  private static VexStatement statement(
      JsonNode node, int position, Optional<Instant> inherited, String where) {
    JsonNode vulnerability = node.path("vulnerability");
    if (vulnerability.isTextual()) {
      throw new OpenVexException(
          where
              + ": `vulnerability` is a text, as it was before OpenVEX 0.2.0; now it is an object"
              + " with a `name`.");
    }
    List<VexStatement.Product> products = new ArrayList<>();
    for (JsonNode product : list(node, "products", where)) {
      if (!product.isObject()) {
        throw new OpenVexException(
            where
                + ": a product is a text, as it was before OpenVEX 0.2.0; now it is an object with"
                + " an `@id`.");
      }
      List<String> subcomponents = new ArrayList<>();
      list(product, "subcomponents", where)
          .forEach(component -> subcomponents.addAll(names(component, where)));
      products.add(new VexStatement.Product(names(product, where), List.copyOf(subcomponents)));
    }
    List<String> aliases = new ArrayList<>();
    list(vulnerability, "aliases", where).forEach(alias -> aliases.add(alias.asText()));
    return new VexStatement(
        position,
        text(vulnerability, "name", where),
        List.copyOf(aliases),
        List.copyOf(products),
        text(node, "status", where),
        text(node, "justification", where),
        text(node, "impact_statement", where),
        text(node, "action_statement", where),
        time(node, "last_updated", where)
            .or(() -> time(node, "timestamp", where))
            .or(() -> inherited),
        time(node, "action_statement_timestamp", where));
  }

  private static List<String> names(JsonNode component, String where) {
    List<String> names = new ArrayList<>();
    for (String name :
        List.of(
            text(component, "@id", where), text(component.path("identifiers"), "purl", where))) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }

  private static List<JsonNode> list(JsonNode node, String field, String where) {
    JsonNode list = node.path(field);
    if (!list.isMissingNode() && !list.isArray()) {
      throw new OpenVexException("%s: `%s` is no list.".formatted(where, field));
    }
    List<JsonNode> nodes = new ArrayList<>();
    list.forEach(nodes::add);
    return nodes;
  }

  private static String text(JsonNode node, String field, String where) {
    JsonNode value = node.path(field);
    if (!value.isMissingNode() && !value.isTextual()) {
      throw new OpenVexException("%s: `%s` is no text.".formatted(where, field));
    }
    return value.asText().strip();
  }

  private static Optional<Instant> time(JsonNode node, String field, String where) {
    String text = text(node, field, where);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      throw new OpenVexException(
          "%s: `%s` is %s, and no time such as 2026-01-31T12:00:00Z."
              .formatted(where, field, Clean.quoted(text)),
          e);
    }
  }
}
