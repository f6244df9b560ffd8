package org.imagediet.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.archive.Sha256;
import org.imagediet.archive.TarBytes;
import org.imagediet.archive.TransferSizes;
import org.imagediet.image.ContainerImage;

/**
 * An image of any size that takes hardly any place: its files are holes, but for one. It is there
 * to be measured, and never run.
 */
public final class PlantedImage {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Does not compress, so that a layer more hardly changes what a registry sends. */
  private static final byte[] BALLAST = new byte[20_000];

  static {
    new Random(5).nextBytes(BALLAST);
  }

  private final String name;
  private final String architecture;
  private final List<Layer> layers;

  private record Layer(String instruction, Map<String, Long> files, boolean ballast) {}

  private PlantedImage(String name, String architecture, List<Layer> layers) {
    this.name = name;
    this.architecture = architecture;
    this.layers = List.copyOf(layers);
  }

  /** Begins an image without layers. */
  public static PlantedImage named(String name, String architecture) {
    return new PlantedImage(name, architecture, List.of());
  }

  /** The same, with a layer more. */
  public PlantedImage layer(String instruction, Map<String, Long> files) {
    return layer(new Layer(instruction, new TreeMap<>(files), false));
  }

  /** The same, with one more layer of that many bytes, at least 20 kB. */
  public PlantedImage ballast(String instruction, String path, long bytes) {
    return layer(new Layer(instruction, Map.of(path, Math.max(0, bytes - BALLAST.length)), true));
  }

  private PlantedImage layer(Layer added) {
    List<Layer> more = new ArrayList<>(layers);
    more.add(added);
    return new PlantedImage(name, architecture, more);
  }

  /** Returns it as {@code docker save} would write it. */
  public byte[] archive() {
    TarBytes archive = new TarBytes();
    ObjectNode configuration = JSON.createObjectNode();
    configuration.put("architecture", architecture).put("os", "linux").putObject("config");
    ArrayNode diffIds =
        configuration.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    ArrayNode history = configuration.putArray("history");
    ObjectNode manifest = JSON.createObjectNode();
    ArrayNode tars = manifest.putArray("Layers");
    for (Layer layer : layers) {
      TarBytes files = new TarBytes();
      layer.files().forEach((path, size) -> files.hole(path, 0755, size));
      if (layer.ballast()) {
        files.file("/etc/ssl/certs/ca-certificates.crt", 0644, BALLAST);
      }
      byte[] tar = files.bytes();
      String digest = Sha256.hex(tar);
      archive.file("/" + digest + "/layer.tar", 0644, tar);
      diffIds.add("sha256:" + digest);
      tars.add(digest + "/layer.tar");
      history.addObject().put("created_by", layer.instruction());
    }
    byte[] config = json(configuration);
    manifest.put("Config", Sha256.hex(config) + ".json").putArray("RepoTags").add(name);
    return archive
        .file("/" + Sha256.hex(config) + ".json", 0644, config)
        .file("/manifest.json", 0644, json(JSON.createArrayNode().add(manifest)))
        .bytes();
  }

  /** Returns it as it is read from its archive, with both sizes. */
  public ContainerImage read() {
    return ImageArchive.read(
        new ByteArrayInputStream(archive()),
        ReadOptions.defaults().comparableTransferSizes(TransferSizes.none()));
  }

  private static byte[] json(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
