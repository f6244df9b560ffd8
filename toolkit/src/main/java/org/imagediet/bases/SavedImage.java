package org.imagediet.bases;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.archive.Sha256;

/** Writes a docker-save archive of one image, as {@code docker load} reads it. */
final class SavedImage {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  /** A layer's tar file, its digest and what history says of it. */
  record LayerFile(Path tar, String digest, String createdBy) {}

  /** The part of an image's configuration that a base image sets. */
  record Config(
      String user,
      Map<String, String> environment,
      List<String> entrypoint,
      List<String> command,
      String workingDirectory,
      Map<String, String> labels) {}

  private SavedImage() {}

  static void write(
      Path archive, List<String> names, String architecture, Config config, List<LayerFile> layers)
      throws IOException {
    byte[] configuration = configuration(architecture, config, layers);
    String id = Sha256.hex(configuration);
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("Config", id + ".json");
    ArrayNode tags = manifest.putArray("RepoTags");
    names.forEach(tags::add);
    ArrayNode tars = manifest.putArray("Layers");
    layers.forEach(layer -> tars.add(layer.digest() + "/layer.tar"));
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(Files.newOutputStream(archive), "UTF-8")) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (LayerFile layer : layers) {
        TarArchiveEntry entry = entry(layer.digest() + "/layer.tar", Files.size(layer.tar()));
        tar.putArchiveEntry(entry);
        Files.copy(layer.tar(), tar);
        tar.closeArchiveEntry();
      }
      put(tar, id + ".json", configuration);
      put(tar, "manifest.json", JSON.writeValueAsBytes(JSON.createArrayNode().add(manifest)));
    }
  }

  private static byte[] configuration(String architecture, Config config, List<LayerFile> layers)
      throws IOException {
    ObjectNode image = JSON.createObjectNode();
    image.put("architecture", architecture);
    image.put("os", "linux");
    image.put("created", "1970-01-01T00:00:00Z");
    ObjectNode settings = image.putObject("config");
    settings.put("User", config.user());
    ArrayNode environment = settings.putArray("Env");
    new TreeMap<>(config.environment()).forEach((k, v) -> environment.add(k + "=" + v));
    if (!config.entrypoint().isEmpty()) {
      config.entrypoint().forEach(settings.putArray("Entrypoint")::add);
    }
    if (!config.command().isEmpty()) {
      config.command().forEach(settings.putArray("Cmd")::add);
    }
    settings.put("WorkingDir", config.workingDirectory());
    ObjectNode labels = settings.putObject("Labels");
    new TreeMap<>(config.labels()).forEach(labels::put);
    ObjectNode rootfs = image.putObject("rootfs");
    rootfs.put("type", "layers");
    ArrayNode diffIds = rootfs.putArray("diff_ids");
    ArrayNode history = image.putArray("history");
    for (LayerFile layer : layers) {
      diffIds.add("sha256:" + layer.digest());
      history
          .addObject()
          .put("created", "1970-01-01T00:00:00Z")
          .put("created_by", layer.createdBy());
    }
    return JSON.writeValueAsBytes(image);
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    tar.putArchiveEntry(entry(name, content.length));
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry entry(String name, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(0644);
    entry.setModTime(new Date(0));
    return entry;
  }
}
