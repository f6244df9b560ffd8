package org.imagediet.engine.jib;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads a build file that someone else wrote. A key it does not know is an error, since a mistyped
 * one would otherwise be silently without effect.
 */
final class BuildFileParser {

  private static final int MOST_CHARACTERS = 64 << 10;
  private static final int MOST_ITEMS = 500;

  /**
   * What Jib gives files: one second after the epoch, and modes that do not depend on the host's.
   */
  private static final BuildFile.Properties DEFAULTS =
      new BuildFile.Properties(0644, 0755, "", Instant.ofEpochSecond(1));

  private BuildFileParser() {}

  static BuildFile parse(String yaml) {
    if (yaml.length() > MOST_CHARACTERS) {
      throw new BuildFileException("jib.yaml is longer than " + MOST_CHARACTERS + " characters.");
    }
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(20);
    options.setMaxAliasesForCollections(0);
    options.setAllowDuplicateKeys(false);
    ObjectMapper mapper = new ObjectMapper(YAMLFactory.builder().loaderOptions(options).build());
    JsonNode root;
    try {
      root = mapper.readTree(yaml);
    } catch (IOException | RuntimeException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new BuildFileException("jib.yaml is no YAML: " + first + ".", e);
    }
    return file(new Node("", root));
  }

  private static BuildFile file(Node root) {
    root.requireKeys(
        "apiVersion",
        "kind",
        "from",
        "creationTime",
        "format",
        "environment",
        "labels",
        "volumes",
        "exposedPorts",
        "user",
        "workingDirectory",
        "entrypoint",
        "cmd",
        "layers");
    root.requireText("apiVersion", "jib/v1alpha1");
    root.requireText("kind", "BuildFile");
    Node from = root.at("from");
    from.requireKeys("image", "platforms");
    Node layers = root.at("layers");
    layers.requireKeys("properties", "entries");
    BuildFile.Properties properties = properties(layers.at("properties"), DEFAULTS);
    List<BuildFile.Layer> entries = new ArrayList<>();
    for (Node entry : layers.at("entries").items()) {
      entries.add(layer(entry, properties));
    }
    String format = root.text("format").orElse("Docker");
    if (!format.equals("Docker") && !format.equals("OCI")) {
      throw new BuildFileException("jib.yaml: format is Docker or OCI, not " + format + ".");
    }
    return new BuildFile(
        from.text("image").orElse("scratch"),
        root.text("creationTime").map(text -> time("creationTime", text)).orElse(Instant.EPOCH),
        format.equals("OCI"),
        root.texts("environment"),
        root.texts("labels"),
        root.at("volumes").list().orElse(List.of()),
        root.at("exposedPorts").list().orElse(List.of()),
        root.text("user"),
        root.text("workingDirectory"),
        root.at("entrypoint").list(),
        root.at("cmd").list(),
        entries);
  }

  private static BuildFile.Layer layer(Node entry, BuildFile.Properties inherited) {
    entry.requireKeys("name", "properties", "files");
    BuildFile.Properties properties = properties(entry.at("properties"), inherited);
    List<BuildFile.Copy> copies = new ArrayList<>();
    for (Node file : entry.at("files").items()) {
      file.requireKeys("src", "dest", "includes", "excludes", "properties");
      copies.add(
          new BuildFile.Copy(
              file.required("src"),
              file.required("dest"),
              file.at("includes").list().orElse(List.of()),
              file.at("excludes").list().orElse(List.of()),
              properties(file.at("properties"), properties)));
    }
    return new BuildFile.Layer(entry.required("name"), copies);
  }

  private static BuildFile.Properties properties(Node node, BuildFile.Properties inherited) {
    node.requireKeys("filePermissions", "directoryPermissions", "user", "group", "timestamp");
    Optional<String> user = node.text("user");
    Optional<String> group = node.text("group");
    String owner =
        user.isEmpty() && group.isEmpty()
            ? inherited.owner()
            : user.orElse("") + group.map(name -> ":" + name).orElse("");
    return new BuildFile.Properties(
        node.text("filePermissions").map(text -> mode(node, text)).orElse(inherited.fileMode()),
        node.text("directoryPermissions")
            .map(text -> mode(node, text))
            .orElse(inherited.folderMode()),
        owner,
        node.text("timestamp").map(text -> time("timestamp", text)).orElse(inherited.time()));
  }

  private static int mode(Node node, String text) {
    if (!text.matches("0?[0-7]{3}")) {
      throw new BuildFileException(
          "jib.yaml: %s holds the permissions %s; write them as three octal digits in quotes."
              .formatted(node.path(), text));
    }
    return Integer.parseInt(text, 8);
  }

  private static Instant time(String key, String text) {
    try {
      return text.matches("\\d{1,15}")
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new BuildFileException(
          "jib.yaml: %s is %s; it is a number of milliseconds or an ISO 8601 time."
              .formatted(key, text),
          e);
    }
  }

  /** A node and the way to it. */
  private record Node(String path, JsonNode json) {

    Node at(String key) {
      return new Node(path.isEmpty() ? key : path + "." + key, json.path(key));
    }

    private boolean absent() {
      return json.isMissingNode() || json.isNull();
    }

    void requireKeys(String... known) {
      if (absent()) {
        return;
      }
      if (!json.isObject()) {
        throw new BuildFileException(
            "jib.yaml: %s must be a mapping.".formatted(path.isEmpty() ? "the file" : path));
      }
      Set<String> keys = Set.of(known);
      json.fieldNames()
          .forEachRemaining(
              key -> {
                if (!keys.contains(key)) {
                  throw new BuildFileException(
                      "jib.yaml: there is no key %s; known %s %s."
                          .formatted(
                              path.isEmpty() ? key : path + "." + key,
                              path.isEmpty() ? "here are" : "in " + path + " are",
                              String.join(", ", known)));
                }
              });
    }

    void requireText(String key, String value) {
      if (!text(key).equals(Optional.of(value))) {
        throw new BuildFileException("jib.yaml: %s must be %s.".formatted(key, value));
      }
    }

    String required(String key) {
      return text(key)
          .orElseThrow(
              () -> new BuildFileException("jib.yaml: %s lacks its %s.".formatted(path, key)));
    }

    Optional<String> text(String key) {
      Node node = at(key);
      if (node.absent()) {
        return Optional.empty();
      }
      if (!node.json().isValueNode()) {
        throw new BuildFileException("jib.yaml: %s must be a text.".formatted(node.path()));
      }
      return Optional.of(node.json().asText());
    }

    Map<String, String> texts(String key) {
      Node node = at(key);
      Map<String, String> texts = new LinkedHashMap<>();
      if (!node.absent()) {
        if (!node.json().isObject()) {
          throw new BuildFileException("jib.yaml: %s must be a mapping.".formatted(node.path()));
        }
        node.json()
            .fieldNames()
            .forEachRemaining(name -> texts.put(name, node.text(name).orElse("")));
      }
      return texts;
    }

    List<Node> items() {
      List<Node> items = new ArrayList<>();
      if (absent()) {
        return items;
      }
      if (!json.isArray() || json.size() > MOST_ITEMS) {
        throw new BuildFileException(
            "jib.yaml: %s must be a list of at most %d items.".formatted(path, MOST_ITEMS));
      }
      for (int i = 0; i < json.size(); i++) {
        items.add(new Node(path + "[" + i + "]", json.get(i)));
      }
      return items;
    }

    Optional<List<String>> list() {
      if (absent()) {
        return Optional.empty();
      }
      List<String> texts = new ArrayList<>();
      for (Node item : items()) {
        if (!item.json().isValueNode()) {
          throw new BuildFileException("jib.yaml: %s must be a text.".formatted(item.path()));
        }
        texts.add(item.json().asText());
      }
      return Optional.of(texts);
    }
  }
}
