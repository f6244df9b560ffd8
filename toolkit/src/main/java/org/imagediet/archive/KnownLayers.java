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

  /** A part of what one image may have; the rest of the heap is for others. */
  private static final long MOST_ENTRIES = Math.min(200_000, Limits.defaults().entries() / 4);

  private static final long MOST_KEPT_BYTES = 4 << 20;

  private final Map<Name, LayerSummary> layers = new LinkedHashMap<>(16, 0.75f, true);
  private long entries;

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
    LayerSummary.Weight weight = found.weight();
    if (found.packed() || !weight.whole() || weight.keptBytes() > MOST_KEPT_BYTES) {
      return;
    }
    forget(name);
    layers.put(name, found);
    entries += weight.entries();
    Iterator<LayerSummary> oldest = layers.values().iterator();
    while (entries > MOST_ENTRIES) {
      entries -= oldest.next().weight().entries();
      oldest.remove();
    }
  }

  private synchronized void forget(Name name) {
    LayerSummary before = layers.remove(name);
    entries -= before == null ? 0 : before.weight().entries();
  }
}
