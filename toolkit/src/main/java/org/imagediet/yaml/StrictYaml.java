package org.imagediet.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import org.imagediet.report.Clean;

/**
 * The part of YAML that configuration needs: one document of mappings, lists and texts. Aliases,
 * the anchors of mappings and lists, and tags are refused, since they can make a small file into a
 * large or a strange one, and every scalar stays the text that was written: {@code 0644} is no
 * number, and {@code no} no boolean.
 */
public final class StrictYaml {

  private static final int MOST_CHARACTERS = 64 << 10;
  private static final int DEEPEST = 12;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final YAMLParser parser;
  private final String name;

  private StrictYaml(YAMLParser parser, String name) {
    this.parser = parser;
    this.name = name;
  }

  /**
   * Reads a document.
   *
   * @param name what messages call it, such as {@code jib.yaml}
   * @return objects, arrays, texts and nulls; a missing node for an empty document
   * @throws YamlException in one sentence with the line
   */
  public static JsonNode read(String yaml, String name) {
    if (yaml.length() > MOST_CHARACTERS) {
      throw new YamlException(name + " is longer than " + MOST_CHARACTERS + " characters.", null);
    }
    try (YAMLParser parser = YAMLFactory.builder().build().createParser(yaml)) {
      return new StrictYaml(parser, name).document();
    } catch (JsonProcessingException e) {
      String problem = e.getOriginalMessage().lines().findFirst().orElse("");
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new YamlException(
          "%s, line %d: this is no YAML: %s.".formatted(name, line, Clean.quoted(problem)), e);
    } catch (IOException e) {
      throw new YamlException(name + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private JsonNode document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return NODES.missingNode();
    }
    JsonNode root = value(first, 0);
    if (parser.nextToken() != null) {
      throw wrong("a second document begins; there may be one");
    }
    return root;
  }

  private JsonNode value(JsonToken token, int depth) throws IOException {
    if (parser.isCurrentAlias()) {
      throw wrong("an alias (*) is not allowed; write the value again");
    }
    if (parser.getObjectId() != null) {
      throw wrong("an anchor (&) is not allowed");
    }
    if (parser.getTypeId() != null) {
      throw wrong("a tag (!) is not allowed");
    }
    if (depth > DEEPEST) {
      throw wrong("nested deeper than " + DEEPEST + " levels");
    }
    return switch (token) {
      case START_OBJECT -> object(depth);
      case START_ARRAY -> array(depth);
      case VALUE_NULL -> NODES.nullNode();
      default -> NODES.textNode(parser.getText());
    };
  }

  private ObjectNode object(int depth) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (object.has(key)) {
        throw wrong("the key " + Clean.quoted(key) + " is there twice");
      }
      object.set(key, value(parser.nextToken(), depth + 1));
    }
    return object;
  }

  private ArrayNode array(int depth) throws IOException {
    ArrayNode array = NODES.arrayNode();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      array.add(value(token, depth + 1));
    }
    return array;
  }

  private YamlException wrong(String what) {
    return new YamlException(
        "%s, line %d: %s.".formatted(name, parser.currentTokenLocation().getLineNr(), what), null);
  }
}
