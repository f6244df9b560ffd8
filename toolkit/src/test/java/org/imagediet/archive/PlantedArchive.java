package org.imagediet.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.imagediet.archive.TestArchive.Layout;
import org.imagediet.archive.TestArchive.Packing;

/** An archive of an image with files of given sizes, for tests of what is made of sizes. */
public final class PlantedArchive {

  private final String name;
  private final List<byte[]> layers = new ArrayList<>();
  private LayerBytes layer = new LayerBytes();
  private boolean begun;

  /** Starts an image of a name. */
  public PlantedArchive(String name) {
    this.name = name;
  }

  /** Begins a layer; what follows is in it. */
  public PlantedArchive layer() {
    if (begun) {
      layers.add(layer.bytes());
      layer = new LayerBytes();
    }
    begun = true;
    return this;
  }

  /** Adds a file that compresses badly, always the same for a path and a size. */
  public PlantedArchive file(String path, int bytes) {
    byte[] content = new byte[bytes];
    new Random(path.hashCode() + bytes).nextBytes(content);
    layer.file(path, 0644, content);
    return this;
  }

  /** Adds a file that compresses to nothing. */
  public PlantedArchive zeros(String path, int bytes) {
    layer.file(path, 0644, new byte[bytes]);
    return this;
  }

  /** Adds a file of text. */
  public PlantedArchive text(String path, String content) {
    layer.file(path, 0644, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Writes the archive as {@code docker save} did for long. */
  public Path write(Path file) throws IOException {
    return Files.write(file, everyFormat().get(Layout.LEGACY + " " + Packing.PLAIN));
  }

  /** Returns the archive in every layout and with every compression, by what they are called. */
  public Map<String, byte[]> everyFormat() {
    layer();
    byte[][] all = layers.toArray(byte[][]::new);
    Map<String, byte[]> formats = new LinkedHashMap<>();
    for (Layout layout : Layout.values()) {
      for (Packing packing : Packing.values()) {
        formats.put(
            layout + " " + packing,
            new TestArchive(layout).packing(packing).image(name, "amd64", all).bytes());
      }
    }
    return formats;
  }
}
