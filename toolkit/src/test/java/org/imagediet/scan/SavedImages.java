package org.imagediet.scan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A docker-save archive in the making. */
final class SavedImages {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Map<String, byte[]>> layers = new ArrayList<>();
  private String name = "test/app:1";
  private String entrypoint = "/app";

  SavedImages named(String text) {
    name = text;
    return this;
  }

  SavedImages entrypoint(String program) {
    entrypoint = program;
    return this;
  }

  /** Begins a layer; what follows is in it. */
  SavedImages layer() {
    layers.add(new LinkedHashMap<>());
    return this;
  }

  SavedImages file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  SavedImages file(String path, byte[] content) {
    layers.get(layers.size() - 1).put(path, content);
    return this;
  }

  /** Adds Debian's own files, and a record of packages ("name version"). */
  SavedImages debian(String version, String... packages) {
    file("etc/os-release", "ID=debian\nVERSION_ID=\"" + version + "\"\nNAME=\"Debian\"\n");
    file("etc/debian_version", version + ".0\n");
    StringBuilder status = new StringBuilder();
    for (String each : packages) {
      String[] words = each.split(" ");
      status.append(
          """
          Package: %s
          Status: install ok installed
          Architecture: amd64
          Version: %s

          """
              .formatted(words[0], words[1]));
    }
    return file("var/lib/dpkg/status", status.toString());
  }

  Path write(Path file) throws IOException {
    ObjectNode config = JSON.createObjectNode().put("architecture", "amd64").put("os", "linux");
    ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    config.putObject("config").putArray("Entrypoint").add(entrypoint);
    Map<String, byte[]> archive = new LinkedHashMap<>();
    ObjectNode image = JSON.createObjectNode().put("Config", "config.json");
    image.putArray("RepoTags").add(name);
    ArrayNode names = image.putArray("Layers");
    for (Map<String, byte[]> layer : layers) {
      byte[] tar = tar(layer);
      String digest = sha256(tar);
      diffIds.add("sha256:" + digest);
      names.add(digest + "/layer.tar");
      archive.put(digest + "/layer.tar", tar);
    }
    archive.put("config.json", bytes(config.toString()));
    archive.put("manifest.json", bytes(JSON.createArrayNode().add(image).toString()));
    return Files.write(file, tar(archive));
  }

  static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setMode(0755);
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
