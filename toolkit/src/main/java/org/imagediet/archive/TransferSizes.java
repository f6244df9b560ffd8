package org.imagediet.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Layer;

/**
 * The compressed sizes of layers that were compressed once, by diff id: the same bytes compress to
 * the same size. A damaged or unwritable cache is only a slow one.
 *
 * <p>Sizes that are given beforehand are believed, and never written to the file.
 */
public final class TransferSizes {

  private static final int MOST = 5000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Path> file;
  private final Map<String, Long> given;
  private final Map<String, Long> sizes = new LinkedHashMap<>();

  private TransferSizes(Optional<Path> file, Map<String, Long> given) {
    this.file = file;
    this.given = Map.copyOf(given);
  }

  /** Remembers for as long as it lives. */
  public static TransferSizes none() {
    return new TransferSizes(Optional.empty(), Map.of());
  }

  /** Remembers in a file. */
  public static TransferSizes in(Path file) {
    return in(file, Map.of());
  }

  /**
   * Remembers in a file, and takes the sizes of some layers from elsewhere.
   *
   * @param given bytes by diff id
   */
  public static TransferSizes in(Path file, Map<String, Long> given) {
    TransferSizes cache = new TransferSizes(Optional.of(file), given);
    try {
      if (Files.isRegularFile(file) && Files.size(file) < 4 << 20) {
        cache.take(JSON.readTree(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      cache.sizes.clear();
    }
    return cache;
  }

  private void take(JsonNode known) {
    known
        .fields()
        .forEachRemaining(
            entry -> {
              boolean size = entry.getValue().canConvertToLong() && entry.getValue().asLong() > 0;
              if (size && sizes.size() < MOST) {
                sizes.put(entry.getKey(), entry.getValue().asLong());
              }
            });
  }

  synchronized OptionalLong find(String diffId) {
    Long size = given.getOrDefault(diffId, sizes.get(diffId));
    return size == null ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /**
   * Returns what a registry would send of an image; empty where not all of its layers are known, or
   * its archive says how somebody else compressed one.
   */
  public synchronized OptionalLong of(ContainerImage image) {
    long sum = 0;
    for (Layer layer : image.layers()) {
      OptionalLong size = find(layer.diffId());
      if (size.isEmpty() || !layer.mediaType().equals(LayerScanner.MEDIA_TYPE)) {
        return OptionalLong.empty();
      }
      sum += size.getAsLong();
    }
    return OptionalLong.of(sum);
  }

  synchronized void remember(String diffId, long bytes) {
    if (given.containsKey(diffId) || Objects.equals(sizes.put(diffId, bytes), bytes)) {
      return;
    }
    while (sizes.size() > MOST) {
      sizes.remove(sizes.keySet().iterator().next());
    }
    file.ifPresent(this::write);
  }

  private void write(Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Path part = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid());
      Files.write(part, JSON.writeValueAsBytes(sizes));
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // It is computed again next time.
    }
  }
}
