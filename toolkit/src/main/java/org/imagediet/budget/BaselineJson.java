package org.imagediet.budget;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.imagediet.report.Clean;

/** The form of a baseline's file, version 1: keys sorted, one fact a line, ASCII only. */
final class BaselineJson {

  private static final int VERSION = 1;
  private static final int DEEPEST = 8;
  private static final int MOST_TEXT = 5_000;
  private static final int MOST_DIGITS = 16;

  private static final String IMAGE_INDENT = "    ";

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(MOST_TEXT)
                          .maxNameLength(MOST_TEXT)
                          .maxNumberLength(MOST_DIGITS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  // Nobody is deceived by characters that a review does not show.
                  .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final ObjectWriter WRITER = JSON.writer(printer());

  private BaselineJson() {}

  private static DefaultPrettyPrinter printer() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter()
        .withSeparators(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""))
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }

  /**
   * Reads a file's text.
   *
   * @param name what messages call it
   */
  static Baseline read(String text, String name) {
    try {
      JsonNode root = JSON.readTree(text);
      requireVersion(root, name);
      Reader file = new Reader(name, root);
      file.requireKeys("images", "version");
      SortedMap<String, Snapshot> images = new TreeMap<>();
      file.at("images")
          .object()
          .fieldNames()
          .forEachRemaining(
              image -> {
                if (Baseline.problem(image).isPresent()) {
                  throw file.at("images").damaged("has an image with an impossible name");
                }
                images.put(image, snapshot(file.at("images").at(image)));
              });
      return new Baseline(images, texts(text));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String problem = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      throw new BaselineException(
          "%s, line %d, is damaged: %s; restore the file from version control."
              .formatted(name, line, Clean.quoted(problem).replaceFirst("(?<!\\.)[.;]?\\s*$", "")),
          e);
    } catch (IOException e) {
      throw new IllegalStateException("a text can be read", e);
    }
  }

  private static void requireVersion(JsonNode root, String name) {
    JsonNode version = root.path("version");
    if (!root.isObject() || !version.isIntegralNumber() || version.asLong() < 1) {
      throw new BaselineException(
          name
              + " is no baseline: it has no version; restore it from version control, or remove it"
              + " and `./lab budget update` makes one.");
    }
    if (version.asLong() > VERSION) {
      throw new BaselineException(
          "%s has version %s, and this program knows versions up to %d; use a newer program."
              .formatted(name, version.asText(), VERSION));
    }
  }

  /** The entries as they are written, so that those of other images can be kept. */
  private static SortedMap<String, String> texts(String text) throws IOException {
    SortedMap<String, String> texts = new TreeMap<>();
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean images = parser.currentName().equals("images");
        parser.nextToken();
        while (images && parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          int start = (int) parser.currentTokenLocation().getCharOffset();
          parser.skipChildren();
          texts.put(name, text.substring(start, (int) parser.currentLocation().getCharOffset()));
        }
      }
    }
    return texts;
  }

  private static Snapshot snapshot(Reader node) {
    node.requireKeys(
        "accepted", "base", "baseFiles", "files", "layers", "packages", "platform", "sizes");
    Reader sizes = node.at("sizes");
    sizes.requireKeys("rootfs", "transfer", "unpacked");
    List<Snapshot.SnapshotLayer> layers = new ArrayList<>();
    for (Reader layer : node.at("layers").items()) {
      layer.requireKeys("diffId", "instruction", "transfer", "unpacked");
      layers.add(
          new Snapshot.SnapshotLayer(
              layer.at("diffId").digest(),
              layer.at("instruction").text(),
              layer.at("unpacked").bytes(),
              layer.at("transfer").optionalBytes()));
    }
    Optional<SortedMap<String, String>> packages =
        node.at("packages").absent() ? Optional.empty() : Optional.of(node.at("packages").texts());
    Snapshot snapshot =
        new Snapshot(
            node.at("platform").text(),
            sizes.at("unpacked").bytes(),
            sizes.at("transfer").optionalBytes(),
            sizes.at("rootfs").bytes(),
            List.copyOf(layers),
            base(node.at("base"), layers),
            parts(node.at("files")),
            parts(node.at("baseFiles")),
            packages,
            accepted(node.at("accepted")));
    requireConsistent(snapshot, node);
    return snapshot;
  }

  private static Optional<Base> base(Reader node, List<Snapshot.SnapshotLayer> layers) {
    if (node.absent()) {
      return Optional.empty();
    }
    node.requireKeys("layers", "name");
    long count = node.at("layers").bytes();
    if (count > layers.size()) {
      throw node.damaged("has more layers than the image");
    }
    List<String> diffIds =
        layers.stream().limit(count).map(Snapshot.SnapshotLayer::diffId).toList();
    try {
      return Optional.of(new Base(node.at("name").text(), diffIds));
    } catch (IllegalArgumentException e) {
      throw node.at("name").damaged("is no name of an image");
    }
  }

  private static SortedMap<String, Long> parts(Reader node) {
    SortedMap<String, Long> parts = new TreeMap<>();
    if (!node.absent()) {
      node.object()
          .fieldNames()
          .forEachRemaining(
              path -> {
                if (!path.startsWith("/")) {
                  throw node.damaged("has a path that does not begin at the root");
                }
                parts.put(path, node.at(path).bytes());
              });
    }
    return parts;
  }

  private static List<Snapshot.Accepted> accepted(Reader node) {
    List<Snapshot.Accepted> accepted = new ArrayList<>();
    for (Reader item : node.absent() ? List.<Reader>of() : node.items()) {
      item.requireKeys("from", "reason", "size", "to");
      String size = item.at("size").text();
      SizeKind kind =
          List.of(SizeKind.values()).stream()
              .filter(known -> known.id().equals(size))
              .findFirst()
              .orElseThrow(() -> item.at("size").damaged("is neither unpacked nor transfer"));
      accepted.add(
          new Snapshot.Accepted(
              kind, item.at("from").bytes(), item.at("to").bytes(), item.at("reason").text()));
    }
    return List.copyOf(accepted);
  }

  /** Finds what was changed by hand or by a merge: the numbers no longer add up. */
  private static void requireConsistent(Snapshot snapshot, Reader node) {
    int base = snapshot.base().map(known -> known.diffIds().size()).orElse(0);
    List<Snapshot.SnapshotLayer> layers = snapshot.layers();
    requireSum(
        node.at("sizes").at("unpacked"), snapshot.unpackedBytes(), unpacked(layers), "its layers");
    long[] transfers =
        layers.stream().flatMapToLong(layer -> layer.transferBytes().stream()).toArray();
    if (transfers.length != (snapshot.transferBytes().isPresent() ? layers.size() : 0)) {
      throw node.damaged("has the transfer size of some layers, and not of all");
    }
    if (snapshot.transferBytes().isPresent()) {
      requireSum(
          node.at("sizes").at("transfer"),
          snapshot.transferBytes().getAsLong(),
          transfers,
          "its layers");
    }
    if (snapshot.rootfsBytes() > snapshot.unpackedBytes()) {
      throw node.at("sizes").at("rootfs").damaged("is more than all layers have");
    }
    requireSum(
        node.at("baseFiles"),
        sum(unpacked(layers.subList(0, base)), node),
        values(snapshot.baseFiles()),
        "its parts");
    requireSum(
        node.at("files"),
        sum(unpacked(layers.subList(base, layers.size())), node),
        values(snapshot.files()),
        "its parts");
  }

  private static long[] unpacked(List<Snapshot.SnapshotLayer> layers) {
    return layers.stream().mapToLong(Snapshot.SnapshotLayer::unpackedBytes).toArray();
  }

  private static long[] values(SortedMap<String, Long> parts) {
    return parts.values().stream().mapToLong(bytes -> bytes).toArray();
  }

  private static void requireSum(Reader node, long sum, long[] numbers, String what) {
    if (sum(numbers, node) != sum) {
      throw node.damaged("should have %d bytes, and %s have another sum".formatted(sum, what));
    }
  }

  private static long sum(long[] numbers, Reader node) {
    try {
      return Arrays.stream(numbers).reduce(0, Math::addExact);
    } catch (ArithmeticException e) {
      throw node.damaged("has numbers too large for any image");
    }
  }

  /** Writes the whole file. */
  static String write(SortedMap<String, String> images) {
    StringBuilder text = new StringBuilder("{\n  \"images\": {");
    String separator = "\n";
    for (Map.Entry<String, String> image : images.entrySet()) {
      text.append(separator).append(IMAGE_INDENT).append(quoted(image.getKey())).append(": ");
      text.append(image.getValue());
      separator = ",\n";
    }
    text.append(images.isEmpty() ? "}" : "\n  }");
    return text.append(",\n  \"version\": ").append(VERSION).append("\n}\n").toString();
  }

  /** Writes one image's entry, as it stands in the file. */
  static String write(Snapshot snapshot) {
    ObjectNode root = JSON.createObjectNode();
    if (!snapshot.accepted().isEmpty()) {
      ArrayNode accepted = root.putArray("accepted");
      for (Snapshot.Accepted one : snapshot.accepted()) {
        accepted
            .addObject()
            .put("from", one.from())
            .put("reason", one.reason())
            .put("size", one.size().id())
            .put("to", one.to());
      }
    }
    snapshot
        .base()
        .ifPresent(
            base ->
                root.putObject("base")
                    .put("layers", base.diffIds().size())
                    .put("name", base.name()));
    if (!snapshot.baseFiles().isEmpty()) {
      snapshot.baseFiles().forEach(root.putObject("baseFiles")::put);
    }
    snapshot.files().forEach(root.putObject("files")::put);
    ArrayNode layers = root.putArray("layers");
    for (Snapshot.SnapshotLayer layer : snapshot.layers()) {
      ObjectNode node = layers.addObject();
      node.put("diffId", layer.diffId()).put("instruction", layer.instruction());
      layer.transferBytes().ifPresent(bytes -> node.put("transfer", bytes));
      node.put("unpacked", layer.unpackedBytes());
    }
    snapshot.packages().ifPresent(all -> all.forEach(root.putObject("packages")::put));
    root.put("platform", snapshot.platform());
    ObjectNode sizes = root.putObject("sizes");
    sizes.put("rootfs", snapshot.rootfsBytes());
    snapshot.transferBytes().ifPresent(bytes -> sizes.put("transfer", bytes));
    sizes.put("unpacked", snapshot.unpackedBytes());
    try {
      return WRITER.writeValueAsString(root).replace("\n", "\n" + IMAGE_INDENT);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text can be written", e);
    }
  }

  /** A node and the way to it. */
  private record Reader(String path, JsonNode json) {

    Reader at(String key) {
      return new Reader(path + ": " + Clean.quoted(key), json.path(key));
    }

    boolean absent() {
      return json.isMissingNode();
    }

    BaselineException damaged(String how) {
      return new BaselineException(
          "%s %s: the baseline is damaged; restore it from version control.".formatted(path, how));
    }

    JsonNode object() {
      if (!json.isObject()) {
        throw damaged(absent() ? "is missing" : "is no object");
      }
      return json;
    }

    void requireKeys(String... known) {
      object()
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (!List.of(known).contains(key)) {
                  throw at(key).damaged("is no key of a baseline");
                }
              });
    }

    List<Reader> items() {
      if (!json.isArray()) {
        throw damaged(absent() ? "is missing" : "is no list");
      }
      List<Reader> items = new ArrayList<>();
      for (int i = 0; i < json.size(); i++) {
        items.add(new Reader(path + " " + (i + 1), json.get(i)));
      }
      return items;
    }

    String text() {
      if (!json.isTextual()) {
        throw damaged(absent() ? "is missing" : "is no text");
      }
      return json.textValue();
    }

    String digest() {
      if (!text().matches("sha256:[0-9a-f]{64}")) {
        throw damaged("is no sha256 digest");
      }
      return text();
    }

    long bytes() {
      boolean number = json.isIntegralNumber() && json.canConvertToLong();
      if (!number || json.longValue() < 0 || json.longValue() > Snapshot.MOST_BYTES) {
        throw damaged(absent() ? "is missing" : "is no possible number");
      }
      return json.longValue();
    }

    OptionalLong optionalBytes() {
      return absent() ? OptionalLong.empty() : OptionalLong.of(bytes());
    }

    SortedMap<String, String> texts() {
      SortedMap<String, String> texts = new TreeMap<>();
      object().fieldNames().forEachRemaining(key -> texts.put(key, at(key).text()));
      return texts;
    }
  }
}
