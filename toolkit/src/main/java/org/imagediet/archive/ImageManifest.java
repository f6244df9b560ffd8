package org.imagediet.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.ImageConfig;
import org.imagediet.image.Layer;

/** Which image of an archive is meant, and what it says it is made of. */
final class ImageManifest {

  private static final int MOST_LAYERS = 1000;
  private static final int MOST_IMAGES = 1000;
  private static final String REFERENCE = "org.opencontainers.image.ref.name";
  private static final String FULL_REFERENCE = "io.containerd.image.name";
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(100).build())
              .build());

  private final String archive;
  private final String name;
  private final String id;
  private final JsonNode config;
  private final List<String> layerNames;
  private final List<String> diffIds;

  private ImageManifest(
      String archive, String name, String id, JsonNode config, List<String> layerNames) {
    this.archive = archive;
    this.name = name;
    this.id = id;
    this.config = config;
    this.layerNames = layerNames;
    diffIds = strings(config.path("rootfs").path("diff_ids"));
    if (diffIds.size() != layerNames.size()) {
      throw new ArchiveException(
          "%s contradicts itself: its manifest lists %d layers and its configuration %d."
              .formatted(archive, layerNames.size(), diffIds.size()));
    }
    if (diffIds.size() > MOST_LAYERS) {
      throw new ArchiveException(archive + " has more than " + MOST_LAYERS + " layers.");
    }
  }

  /** One image that the archive could mean. */
  private record Candidate(
      List<String> names, String platform, String config, List<String> layers) {

    /** Whether it is for a platform; a platform without a variant means any. */
    boolean fits(String wanted) {
      return platform.equals(wanted) || platform.startsWith(wanted + "/");
    }
  }

  /**
   * Chooses the image.
   *
   * @param documents the archive's JSON files by name
   * @param blobs the names of its other files
   */
  static ImageManifest find(
      Documents documents, Set<String> blobs, String archive, ReadOptions options) {
    List<Candidate> candidates;
    List<String> absent = new ArrayList<>();
    if (documents.has("manifest.json")) {
      candidates = saved(documents, archive);
    } else if (documents.has("index.json")) {
      candidates = layout(documents, archive, absent);
    } else {
      throw new ArchiveException(
          archive
              + " is no image archive: it has neither a manifest.json nor an index.json; make one"
              + " with `docker save`.");
    }
    boolean elsewhere =
        options.platform().isPresent()
            && documents.has("manifest.json")
            && documents.has("index.json")
            && candidates.stream().noneMatch(c -> c.fits(options.platform().get()));
    if (elsewhere) {
      // Newer engines list what runs here in the one, and every platform in the other.
      candidates = layout(documents, archive, absent);
    }
    Candidate chosen = choose(candidates, absent, archive, options);
    byte[] config =
        documents
            .find(chosen.config())
            .orElseThrow(
                () ->
                    new ArchiveException(
                        archive
                            + " lacks the configuration that its manifest names: "
                            + Documents.shortened(chosen.config())
                            + "."));
    String digest = Sha256.hex(config);
    requireDigest(chosen.config(), digest, archive);
    for (String layer : chosen.layers()) {
      if (layer.startsWith("blobs/") && !blobs.contains(layer)) {
        throw new ArchiveException(
            archive + " lacks the layer that its manifest names: " + layer + ".");
      }
    }
    return new ImageManifest(
        archive,
        chosen.names().isEmpty() ? "" : chosen.names().get(0),
        "sha256:" + digest,
        json(config, chosen.config(), archive),
        chosen.layers());
  }

  private static List<Candidate> saved(Documents documents, String archive) {
    JsonNode manifest = json(documents.require("manifest.json", archive), "manifest.json", archive);
    List<Candidate> candidates = new ArrayList<>();
    for (JsonNode image : manifest) {
      if (candidates.size() == MOST_IMAGES) {
        break;
      }
      String config = outer(image.path("Config").asText(""), archive);
      String platform =
          documents.find(config).map(d -> platform(json(d, config, archive))).orElse("");
      List<String> layers = new ArrayList<>();
      for (String layer : strings(image.path("Layers"))) {
        layers.add(outer(layer, archive));
      }
      candidates.add(new Candidate(strings(image.path("RepoTags")), platform, config, layers));
    }
    if (candidates.isEmpty()) {
      throw new ArchiveException(archive + " holds no image: its manifest.json lists none.");
    }
    return candidates;
  }

  private static List<Candidate> layout(Documents documents, String archive, List<String> absent) {
    List<Candidate> candidates = new ArrayList<>();
    JsonNode index = json(documents.require("index.json", archive), "index.json", archive);
    walk(index, "", documents, archive, candidates, absent, 0);
    if (candidates.isEmpty() && absent.isEmpty()) {
      throw new ArchiveException(archive + " holds no image: its index.json lists none.");
    }
    return candidates;
  }

  private static void walk(
      JsonNode index,
      String inherited,
      Documents documents,
      String archive,
      List<Candidate> candidates,
      List<String> absent,
      int depth) {
    for (JsonNode descriptor : index.path("manifests")) {
      JsonNode annotations = descriptor.path("annotations");
      boolean attestation =
          annotations.path("vnd.docker.reference.type").asText("").equals("attestation-manifest")
              || descriptor.path("platform").path("os").asText("").equals("unknown");
      if (attestation || candidates.size() == MOST_IMAGES) {
        continue;
      }
      String reference =
          annotations.path(FULL_REFERENCE).asText(annotations.path(REFERENCE).asText(inherited));
      String blob = blob(descriptor.path("digest").asText(""), archive);
      Optional<byte[]> found = documents.find(blob);
      if (found.isEmpty()) {
        String platform = platform(descriptor.path("platform"));
        absent.add(platform.isEmpty() ? blob : platform);
        continue;
      }
      byte[] document = found.get();
      requireDigest(blob, Sha256.hex(document), archive);
      JsonNode manifest = json(document, blob, archive);
      if (manifest.has("manifests")) {
        if (depth < 3) {
          walk(manifest, reference, documents, archive, candidates, absent, depth + 1);
        }
        continue;
      }
      String config = blob(manifest.path("config").path("digest").asText(""), archive);
      List<String> layers = new ArrayList<>();
      for (JsonNode layer : manifest.path("layers")) {
        layers.add(blob(layer.path("digest").asText(""), archive));
      }
      String platform =
          documents
              .find(config)
              .map(d -> platform(json(d, config, archive)))
              .orElseGet(() -> platform(descriptor.path("platform")));
      candidates.add(
          new Candidate(
              reference.isEmpty() ? List.of() : List.of(reference), platform, config, layers));
    }
  }

  private static Candidate choose(
      List<Candidate> candidates, List<String> absent, String archive, ReadOptions options) {
    List<Candidate> left = candidates;
    if (options.name().isPresent()) {
      String wanted = options.name().get();
      left = left.stream().filter(c -> c.names().stream().anyMatch(n -> same(n, wanted))).toList();
      if (left.isEmpty()) {
        throw new ArchiveException(
            "%s holds no image %s; it holds %s.".formatted(archive, wanted, names(candidates)));
      }
    }
    if (options.platform().isPresent()) {
      String wanted = options.platform().get();
      List<Candidate> all = left;
      left = left.stream().filter(c -> c.fits(wanted)).toList();
      if (left.isEmpty()) {
        List<String> there =
            all.stream().map(Candidate::platform).filter(p -> !p.isEmpty()).distinct().toList();
        throw new ArchiveException(
            "%s holds no image for %s; it holds %s."
                .formatted(archive, wanted, there.isEmpty() ? "none" : String.join(", ", there)));
      }
    } else if (left.size() > 1) {
      String ours = "linux/" + architecture();
      List<Candidate> fitting = left.stream().filter(c -> c.fits(ours)).toList();
      left = fitting.isEmpty() ? left : fitting;
    }
    if (left.isEmpty()) {
      throw new ArchiveException(
          "%s lists an image for %s and does not hold it; save it again with its platform."
              .formatted(archive, String.join(", ", absent)));
    }
    if (left.size() > 1) {
      List<String> platforms = left.stream().map(Candidate::platform).distinct().toList();
      if (platforms.size() == left.size()) {
        throw new ArchiveException(
            "%s holds images for several platforms; name one of %s."
                .formatted(archive, String.join(", ", platforms)));
      }
      throw new ArchiveException(
          "%s holds several images; name one of %s.".formatted(archive, names(left)));
    }
    return left.get(0);
  }

  private static String names(List<Candidate> candidates) {
    List<String> names =
        candidates.stream().flatMap(c -> c.names().stream()).distinct().limit(20).toList();
    return names.isEmpty() ? candidates.size() + " without a name" : String.join(", ", names);
  }

  private static boolean same(String name, String wanted) {
    String tagged = wanted.lastIndexOf(':') > wanted.lastIndexOf('/') ? wanted : wanted + ":latest";
    return name.equals(tagged)
        || name.equals(wanted)
        || name.equals("docker.io/" + tagged)
        || name.equals("docker.io/library/" + tagged);
  }

  private static String architecture() {
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (architecture) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> architecture;
    };
  }

  private static String platform(JsonNode node) {
    String architecture = node.path("architecture").asText("");
    String variant = node.path("variant").asText("");
    return architecture.isEmpty()
        ? ""
        : node.path("os").asText("linux")
            + "/"
            + architecture
            + (variant.isEmpty() ? "" : "/" + variant);
  }

  private static String blob(String digest, String archive) {
    if (!digest.matches("sha(256|512):[0-9a-f]{64,128}")) {
      throw new ArchiveException(
          archive + " names a part by something that is no digest, so it cannot be found.");
    }
    return "blobs/" + digest.replace(':', '/');
  }

  private static String outer(String name, String archive) {
    try {
      return OuterName.of(name);
    } catch (IOException e) {
      throw new ArchiveException(archive + " " + e.getMessage() + ".", e);
    }
  }

  private static void requireDigest(String blob, String digest, String archive) {
    // Older archives name the configuration by its digest too, with an ending.
    String promised = blob.substring(blob.lastIndexOf('/') + 1).replaceFirst("\\.json$", "");
    if (promised.matches("[0-9a-f]{64}") && !promised.equals(digest)) {
      throw new ArchiveException(
          "%s is damaged: %s has the digest %s.".formatted(archive, blob, digest));
    }
  }

  private static JsonNode json(byte[] document, String name, String archive) {
    try {
      return JSON.readTree(document);
    } catch (IOException e) {
      throw new ArchiveException(archive + " is damaged: " + name + " is no JSON.", e);
    }
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(node -> strings.add(node.asText("")));
    return strings;
  }

  List<String> layerNames() {
    return layerNames;
  }

  boolean transferSizeKnown(String layerName, ReadOptions options) {
    return options.sizeCache().find(diffIds.get(layerNames.indexOf(layerName))).isPresent();
  }

  /** Finds what was read of a layer by its name in the archive. */
  interface LayerSource {
    Optional<LayerSummary> find(String name) throws IOException;
  }

  ContainerImage assemble(ReadOptions options, LayerSource source) {
    List<String> instructions = instructions();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < layerNames.size(); i++) {
      String layerName = layerNames.get(i);
      LayerSummary summary;
      try {
        summary =
            source
                .find(layerName)
                .orElseThrow(
                    () ->
                        new ArchiveException(
                            archive
                                + " lacks the layer that its manifest names: "
                                + layerName
                                + "."));
      } catch (IOException e) {
        throw new ArchiveException(
            "Layer %d of %s %s.".formatted(i + 1, archive, ImageArchive.message(e)), e);
      }
      if (layerName.startsWith("blobs/")) {
        requireDigest(layerName, summary.digest().substring("sha256:".length()), archive);
      }
      if (!summary.diffId().equals(diffIds.get(i))) {
        throw new ArchiveException(
            "%s is damaged: layer %d has the digest %s and the configuration promises %s."
                .formatted(archive, i + 1, summary.diffId(), diffIds.get(i)));
      }
      int index = i;
      List<FileEntry> entries =
          summary.entries().stream().map(entry -> entry.inLayer(index)).toList();
      layers.add(
          new Layer(
              i,
              summary.diffId(),
              summary.mediaType(),
              i < instructions.size() ? instructions.get(i) : "",
              transferBytes(summary, options),
              summary.unpackedBytes(),
              entries,
              summary.whiteouts(),
              summary.opaque()));
    }
    return new ContainerImage(name, id, imageConfig(), layers);
  }

  private static OptionalLong transferBytes(LayerSummary summary, ReadOptions options) {
    if (!options.transferSizes()) {
      return OptionalLong.empty();
    }
    if (summary.transferBytes().isPresent()) {
      if (summary.packed() && !options.recompress()) {
        // What somebody else's compression made of it is true of this archive only.
        return summary.transferBytes();
      }
      options.sizeCache().remember(summary.diffId(), summary.transferBytes().getAsLong());
    }
    return options.sizeCache().find(summary.diffId());
  }

  /** Returns the line of the Dockerfile that made each layer, as far as history tells. */
  List<String> instructions() {
    List<String> instructions = new ArrayList<>();
    for (JsonNode step : config.path("history")) {
      if (!step.path("empty_layer").asBoolean(false)) {
        instructions.add(instruction(step.path("created_by").asText("")));
      }
    }
    return instructions;
  }

  /** The Dockerfile's own words, without what the builders put around them. */
  private static String instruction(String createdBy) {
    String text = createdBy.replaceFirst("\\s*# buildkit\\s*$", "").strip();
    if (text.startsWith("/bin/sh -c #(nop)")) {
      return text.substring("/bin/sh -c #(nop)".length()).strip();
    }
    return text.replaceFirst("^(RUN )?(\\|\\d+ .*?)?/bin/sh -c ", "RUN ");
  }

  private ImageConfig imageConfig() {
    JsonNode node = config.path("config");
    Map<String, String> environment = new LinkedHashMap<>();
    for (String variable : strings(node.path("Env"))) {
      int equals = variable.indexOf('=');
      environment.put(
          equals < 0 ? variable : variable.substring(0, equals),
          equals < 0 ? "" : variable.substring(equals + 1));
    }
    Map<String, String> labels = new LinkedHashMap<>();
    node.path("Labels")
        .fields()
        .forEachRemaining(e -> labels.put(e.getKey(), e.getValue().asText()));
    List<String> ports = new ArrayList<>();
    node.path("ExposedPorts").fieldNames().forEachRemaining(ports::add);
    JsonNode check = node.path("Healthcheck");
    Optional<ImageConfig.HealthCheck> healthCheck =
        check.path("Test").isEmpty()
            ? Optional.empty()
            : Optional.of(
                new ImageConfig.HealthCheck(
                    strings(check.path("Test")),
                    check.path("Interval").asLong(0),
                    check.path("Timeout").asLong(0)));
    return new ImageConfig(
        node.path("User").asText(""),
        environment,
        strings(node.path("Entrypoint")),
        strings(node.path("Cmd")),
        node.path("WorkingDir").asText(""),
        labels,
        ports,
        healthCheck,
        node.path("StopSignal").asText(""),
        config.path("created").asText(""),
        config.path("architecture").asText(""),
        config.path("os").asText("linux"),
        config.path("variant").asText(""));
  }
}
