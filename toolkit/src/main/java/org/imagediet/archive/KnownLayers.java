package org.imagediet.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was found in layers that were read before, so that the base of many images is looked through
 * once. An archive's name for a layer only says with which one to compare it: unless its bytes have
 * the same digest, nothing of it is believed.
 */
public final class KnownLayers {

  /** Bytes of heap, more or less; the rest of it is for others. */
  private static final long MOST_WEIGHT = Math.min(100 << 20, Runtime.getRuntime().maxMemory() / 8);

  private static final long ENTRY_HEAP = 500;

  private final Map<Name, LayerSummary> layers = new LinkedHashMap<>(16, 0.75f, true);
  private long weight;

  private record Name(String inArchive, long bytes) {}

  /**
   * Reads a layer, only for its digest where it may be known.
   *
   * @throws IOException as {@link LayerScanner#scan} does
   */
  LayerSummary read(
      LayerScanner scanner, String name, InputStream layer, long size, boolean compress)
      throws IOException {
    Name key = new Name(name, size);
    Optional<LayerSummary> known = find(key).filter(found -> scanner.admits(found, compress));
    if (known.isEmpty()) {
      LayerSummary found = scanner.scan(layer, size, compress);
      remember(key, found);
      return found;
    }
    return scanner
        .recognise(layer, size, known.get())
        .orElseThrow(
            () -> {
              forget(key);
              return new ChangedLayerException(name);
            });
  }

  private synchronized Optional<LayerSummary> find(Name name) {
    return Optional.ofNullable(layers.get(name));
  }

  private synchronized void remember(Name name, LayerSummary found) {
    if (found.packed() || !found.weight().whole() || weight(found) > MOST_WEIGHT / 2) {
      return;
    }
    forget(name);
    layers.put(name, found);
    weight += weight(found);
    Iterator<LayerSummary> oldest = layers.values().iterator();
    while (weight > MOST_WEIGHT) {
      weight -= weight(oldest.next());
      oldest.remove();
    }
  }

  private synchronized void forget(Name name) {
    LayerSummary before = layers.remove(name);
    weight -= before == null ? 0 : weight(before);
  }

  private static long weight(LayerSummary found) {
    return ENTRY_HEAP * found.weight().entries() + found.weight().keptBytes();
  }
}
