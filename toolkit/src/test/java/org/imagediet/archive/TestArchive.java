package org.imagediet.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.imagediet.image.ContainerImage;

/** An image archive in the making, in each of the layouts that are in use, and in broken ones. */
final class TestArchive {

  /** How the parts of an archive are arranged. */
  enum Layout {
    /** {@code docker save} up to 24: one folder a layer. */
    LEGACY,
    /** {@code docker save} from 25 on: blobs, index.json and manifest.json. */
    BOTH,
    /** An OCI layout: blobs and index.json. */
    OCI
  }

  /** How layers are packed. */
  enum Packing {
    PLAIN,
    GZIP,
    ZSTD
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final Map<String, String> links = new LinkedHashMap<>();
  private final Layout layout;
  private final ArrayNode manifest = JSON.createArrayNode();
  private final ArrayNode index = JSON.createArrayNode();
  private Packing packing = Packing.PLAIN;
  private String step = "ENV A=b";

  TestArchive(Layout layout) {
    this.layout = layout;
  }

  static TestArchive legacy(byte[]... layers) {
    return new TestArchive(Layout.LEGACY).image("test/app:1", "amd64", layers);
  }

  TestArchive packing(Packing wanted) {
    packing = wanted;
    return this;
  }

  /** Changes what history tells of the steps that make no layer. */
  TestArchive step(String createdBy) {
    step = createdBy;
    return this;
  }

  TestArchive image(String name, String architecture, byte[]... layers) {
    return image(name, architecture, JSON.createObjectNode(), layers);
  }

  TestArchive image(String name, String architecture, ObjectNode settings, byte[]... layers) {
    ObjectNode config = JSON.createObjectNode();
    String[] parts = architecture.split("/", 2);
    config.put("architecture", parts[0]).put("os", "linux");
    if (parts.length == 2) {
      config.put("variant", parts[1]);
    }
    config.set("config", settings);
    ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    ArrayNode history = config.putArray("history");
    List<String> layerNames = new ArrayList<>();
    ArrayNode descriptors = JSON.createArrayNode();
    for (byte[] layer : layers) {
      byte[] packed = packed(layer);
      diffIds.add("sha256:" + sha256(layer));
      history.addObject().put("created_by", "COPY step " + layerNames.size() + " # buildkit");
      history.addObject().put("created_by", step).put("empty_layer", true);
      String name1 =
          layout == Layout.LEGACY
              ? sha256((name + layerNames.size()).getBytes(StandardCharsets.UTF_8)) + "/layer.tar"
              : "blobs/sha256/" + sha256(packed);
      layerNames.add(name1);
      entries.put(name1, packed);
      descriptors.addObject().put("digest", "sha256:" + sha256(packed)).put("size", packed.length);
    }
    byte[] configBytes = json(config);
    String configName =
        layout == Layout.LEGACY
            ? sha256(configBytes) + ".json"
            : "blobs/sha256/" + sha256(configBytes);
    entries.put(configName, configBytes);
    ObjectNode saved = manifest.addObject();
    saved.put("Config", configName);
    saved.putArray("RepoTags").add(name);
    layerNames.forEach(saved.putArray("Layers")::add);
    ObjectNode ociManifest = JSON.createObjectNode();
    ociManifest.putObject("config").put("digest", "sha256:" + sha256(configBytes));
    ociManifest.set("layers", descriptors);
    byte[] manifestBytes = json(ociManifest);
    if (layout != Layout.LEGACY) {
      entries.put("blobs/sha256/" + sha256(manifestBytes), manifestBytes);
    }
    describe(sha256(manifestBytes), architecture, name);
    return this;
  }

  private void describe(String digest, String architecture, String name) {
    ObjectNode descriptor = index.addObject();
    descriptor.put("digest", "sha256:" + digest);
    descriptor.putObject("platform").put("os", "linux").put("architecture", architecture);
    descriptor.putObject("annotations").put("io.containerd.image.name", name);
  }

  /** Adds an index entry for a platform that is not in the archive. */
  TestArchive absentPlatform(String architecture) {
    describe(sha256(architecture.getBytes(StandardCharsets.UTF_8)), architecture, "test/app:1");
    return this;
  }

  /** Adds an index entry of the kind that BuildKit makes for an attestation. */
  TestArchive attestation() {
    ObjectNode descriptor = index.addObject();
    byte[] manifestBytes = json(JSON.createObjectNode().put("mediaType", "x"));
    entries.put("blobs/sha256/" + sha256(manifestBytes), manifestBytes);
    descriptor.put("digest", "sha256:" + sha256(manifestBytes));
    descriptor.putObject("platform").put("os", "unknown").put("architecture", "unknown");
    descriptor.putObject("annotations").put("vnd.docker.reference.type", "attestation-manifest");
    return this;
  }

  /** Adds or replaces a file of the archive itself. */
  TestArchive with(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** Replaces a file of the archive by a symbolic link. */
  TestArchive link(String name, String target) {
    entries.remove(name);
    links.put(name, target);
    return this;
  }

  /** Removes the archive's files that match. */
  TestArchive without(String regex) {
    entries.keySet().removeIf(name -> name.matches(regex));
    return this;
  }

  /** Returns the names of the archive's own files. */
  List<String> names() {
    return List.copyOf(entries.keySet());
  }

  private byte[] packed(byte[] layer) {
    try {
      return switch (packing) {
        case PLAIN -> layer;
        case ZSTD -> Zstd.compress(layer);
        case GZIP -> gzip(layer);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  byte[] bytes() {
    Map<String, byte[]> all = new LinkedHashMap<>(entries);
    if (layout != Layout.OCI) {
      all.putIfAbsent("manifest.json", json(manifest));
    }
    if (layout != Layout.LEGACY) {
      all.putIfAbsent(
          "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
      ObjectNode root = JSON.createObjectNode();
      root.set("manifests", index);
      all.putIfAbsent("index.json", json(root));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (Map.Entry<String, byte[]> entry : all.entrySet()) {
        TarArchiveEntry header = new TarArchiveEntry(entry.getKey());
        header.setSize(entry.getValue().length);
        tar.putArchiveEntry(header);
        tar.write(entry.getValue());
        tar.closeArchiveEntry();
      }
      for (Map.Entry<String, String> link : links.entrySet()) {
        TarArchiveEntry header = new TarArchiveEntry(link.getKey(), TarConstants.LF_SYMLINK);
        header.setLinkName(link.getValue());
        tar.putArchiveEntry(header);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  ContainerImage read() {
    return read(ReadOptions.defaults());
  }

  ContainerImage read(ReadOptions options) {
    return ImageArchive.read(new ByteArrayInputStream(bytes()), options);
  }

  static String sha256(byte[] content) {
    return Sha256.hex(content);
  }

  private static byte[] json(com.fasterxml.jackson.databind.JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }
}
