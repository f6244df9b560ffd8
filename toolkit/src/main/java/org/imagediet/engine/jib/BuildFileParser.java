package org.imagediet.engine.jib;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Ports;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.imagediet.report.Clean;
import org.imagediet.yaml.StrictYaml;
import org.imagediet.yaml.YamlException;

/**
 * Reads a build file that someone else wrote. A key it does not know is an error, since a mistyped
 * one would otherwise be silently without effect.
 */
final class BuildFileParser {

  private static final int MOST_ITEMS = 500;
  private static final Instant YEAR_10000 = Instant.parse("9999-12-31T23:59:59Z");

  /**
   * What Jib gives files: one second after the epoch, and modes that do not depend on the host's.
   */
  private static final BuildFile.Properties DEFAULTS =
      new BuildFile.Properties(0644, 0755, "", "", Instant.ofEpochSecond(1));

  private BuildFileParser() {}

  static BuildFile parse(String yaml) {
    try {
      return file(new Node("", StrictYaml.read(yaml, "jib.yaml")));
    } catch (YamlException e) {
      throw new BuildFileException(e.getMessage(), e);
    }
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
    root.at("apiVersion").requireText("jib/v1alpha1");
    root.at("kind").requireText("BuildFile");
    Node from = root.at("from");
    from.refuse("credHelper", "no registry is asked here, so there is nothing to log in to");
    from.requireKeys("image", "platforms");
    Node layers = root.at("layers");
    layers.requireKeys("properties", "entries");
    BuildFile.Properties properties = properties(layers.at("properties"), DEFAULTS);
    return new BuildFile(
        from.at("image").optional(BuildFileParser::image).orElse("scratch"),
        from.at("platforms").items().stream().map(BuildFileParser::platform).toList(),
        time(root.at("creationTime")).orElse(Instant.EPOCH),
        isOci(root.at("format")),
        root.at("environment").texts(),
        root.at("labels").texts(),
        root.at("volumes").items().stream().map(Node::absolutePath).toList(),
        root.at("exposedPorts").items().stream().map(BuildFileParser::port).toList(),
        root.at("user").text(),
        root.at("workingDirectory").optional(Node::absolutePath),
        root.at("entrypoint").list(),
        root.at("cmd").list(),
        layers.at("entries").items().stream().map(entry -> layer(entry, properties)).toList());
  }

  private static String image(Node node) {
    String image = node.required();
    try {
      ImageReference.parse(image);
      return image;
    } catch (InvalidImageReferenceException e) {
      throw node.wrong("is %s, which is no name of an image", image);
    }
  }

  private static String platform(Node node) {
    node.requireKeys("architecture", "os");
    return node.at("os").required() + "/" + node.at("architecture").required();
  }

  private static boolean isOci(Node node) {
    String format = node.text().orElse("Docker");
    if (!List.of("Docker", "OCI").contains(format)) {
      throw node.wrong("is %s; it is Docker or OCI", format);
    }
    return format.equals("OCI");
  }

  private static String port(Node node) {
    String port = node.required();
    try {
      Ports.parse(List.of(port));
      return port;
    } catch (IllegalArgumentException e) {
      throw node.wrong("is %s; it is a port such as 8080 or 8080/udp", port);
    }
  }

  private static BuildFile.Layer layer(Node entry, BuildFile.Properties inherited) {
    entry.refuse("archive", "Jib itself supports only files so far");
    entry.requireKeys("name", "properties", "files");
    BuildFile.Properties properties = properties(entry.at("properties"), inherited);
    List<BuildFile.Copy> copies =
        entry.at("files").items().stream().map(file -> copy(file, properties)).toList();
    if (copies.isEmpty()) {
      throw entry.wrong("has no files");
    }
    return new BuildFile.Layer(entry.at("name").required(), copies);
  }

  private static BuildFile.Copy copy(Node file, BuildFile.Properties inherited) {
    file.requireKeys("src", "dest", "includes", "excludes", "properties");
    return new BuildFile.Copy(
        file.path(),
        file.at("src").required(),
        file.at("dest").absolutePath(),
        file.at("includes").list().orElse(List.of()),
        file.at("excludes").list().orElse(List.of()),
        properties(file.at("properties"), inherited));
  }

  private static BuildFile.Properties properties(Node node, BuildFile.Properties inherited) {
    node.requireKeys("filePermissions", "directoryPermissions", "user", "group", "timestamp");
    return new BuildFile.Properties(
        mode(node.at("filePermissions")).orElse(inherited.fileMode()),
        mode(node.at("directoryPermissions")).orElse(inherited.folderMode()),
        owner(node.at("user")).orElse(inherited.user()),
        owner(node.at("group")).orElse(inherited.group()),
        time(node.at("timestamp")).orElse(inherited.time()));
  }

  private static Optional<Integer> mode(Node node) {
    return node.optional(
        there -> {
          String text = there.required();
          if (!text.matches("0?[0-7]{3}")) {
            throw there.wrong("is %s; permissions are three octal digits", text);
          }
          return Integer.parseInt(text, 8);
        });
  }

  private static Optional<String> owner(Node node) {
    return node.optional(
        there -> {
          String text = there.required();
          if (!text.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}")) {
            throw there.wrong("is %s; it is a name or a number", text);
          }
          return text;
        });
  }

  private static Optional<Instant> time(Node node) {
    return node.optional(
        there -> {
          String text = there.required();
          try {
            Instant time =
                text.matches("\\d{1,15}")
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : Instant.parse(text);
            if (!time.isBefore(Instant.EPOCH) && !time.isAfter(YEAR_10000)) {
              return time;
            }
          } catch (DateTimeException e) {
            // Said below, like a time that no image can carry.
          }
          throw there.wrong(
              "is %s; it is a number of milliseconds since 1970 or an ISO 8601 time", text);
        });
  }

  /** A node and the way to it. */
  private record Node(String path, JsonNode json) {

    Node at(String key) {
      return new Node(path.isEmpty() ? key : path + "." + key, json.path(key));
    }

    private boolean absent() {
      return json.isMissingNode() || json.isNull();
    }

    BuildFileException wrong(String how, Object... texts) {
      Object[] shown = Arrays.stream(texts).map(text -> Clean.quoted(text.toString())).toArray();
      String where = path.isEmpty() ? "the file" : Clean.quoted(path);
      return new BuildFileException("jib.yaml: " + where + " " + how.formatted(shown) + ".");
    }

    void refuse(String key, String why) {
      if (!at(key).absent()) {
        throw at(key).wrong("is not supported: %s", why);
      }
    }

    void requireKeys(String... known) {
      if (absent()) {
        return;
      }
      requireMapping();
      json.fieldNames()
          .forEachRemaining(
              key -> {
                if (!List.of(known).contains(key)) {
                  throw at(key)
                      .wrong("is no key of Jib's; allowed here: %s", String.join(", ", known));
                }
              });
    }

    private void requireMapping() {
      if (!json.isObject()) {
        throw wrong("must be a mapping (key: value)");
      }
    }

    void requireText(String value) {
      if (!text().equals(Optional.of(value))) {
        throw wrong("must be %s", value);
      }
    }

    <T> Optional<T> optional(Function<Node, T> reader) {
      return absent() ? Optional.empty() : Optional.of(reader.apply(this));
    }

    Optional<String> text() {
      return optional(Node::required);
    }

    String required() {
      if (absent()) {
        throw wrong("is missing");
      }
      if (!json.isTextual() || json.textValue().isEmpty()) {
        throw wrong("must be a text, and not an empty one");
      }
      if (json.textValue().indexOf('\0') >= 0) {
        throw wrong("holds a NUL character");
      }
      return json.textValue();
    }

    String absolutePath() {
      String text = required();
      boolean climbs = List.of(text.split("/")).contains("..");
      if (!text.startsWith("/") || climbs || text.matches("(?s).*\\p{Cntrl}.*")) {
        throw wrong("is %s; it is a path from the root of the image, without ..", text);
      }
      return text;
    }

    Map<String, String> texts() {
      Map<String, String> texts = new LinkedHashMap<>();
      if (!absent()) {
        requireMapping();
        json.fieldNames().forEachRemaining(name -> texts.put(name, at(name).required()));
      }
      return texts;
    }

    List<Node> items() {
      if (absent()) {
        return List.of();
      }
      if (!json.isArray() || json.size() > MOST_ITEMS) {
        throw wrong("must be a list of at most " + MOST_ITEMS + " items");
      }
      List<Node> items = new ArrayList<>();
      for (int i = 0; i < json.size(); i++) {
        items.add(new Node(path + "[" + i + "]", json.get(i)));
      }
      return items;
    }

    Optional<List<String>> list() {
      return optional(there -> there.items().stream().map(Node::required).toList());
    }
  }
}
