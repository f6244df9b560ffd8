package org.imagediet.budget;

import java.util.List;
import java.util.Optional;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Layer;

/**
 * The growth of the unpacked size, told apart in that of the base image and one's own.
 *
 * @param before the base of the baseline, where it is known
 * @param after the base now, where it is known
 * @param lowestLayerChanged whether the lowest layer is another one
 * @param baseBytes by how many bytes the base grew; 0 when a base is not known
 * @param ownBytes by how many bytes everything else grew; all when a base is not known
 */
public record BaseGrowth(
    Optional<Base> before,
    Optional<Base> after,
    boolean lowestLayerChanged,
    long baseBytes,
    long ownBytes) {

  static BaseGrowth of(Snapshot before, ContainerImage image, Optional<Base> after) {
    long all = image.sizes().unpackedBytes() - before.unpackedBytes();
    long base = 0;
    if (before.base().isPresent() && after.isPresent()) {
      long was = before.baseFiles().values().stream().mapToLong(bytes -> bytes).sum();
      long now =
          image.layers().stream()
              .limit(after.get().diffIds().size())
              .mapToLong(Layer::unpackedBytes)
              .sum();
      base = now - was;
    }
    List<String> lowestBefore =
        before.layers().stream().limit(1).map(Snapshot.SnapshotLayer::diffId).toList();
    List<String> lowestNow = image.layers().stream().limit(1).map(Layer::diffId).toList();
    return new BaseGrowth(before.base(), after, !lowestBefore.equals(lowestNow), base, all - base);
  }

  /** Returns whether both bases are known, so that the two numbers mean something. */
  public boolean known() {
    return before.isPresent() && after.isPresent();
  }

  /** Returns whether the layers of the base are others now; false when that is not known. */
  public boolean changed() {
    return known() && !before.get().diffIds().equals(after.get().diffIds());
  }

  /** Returns whether the layers of the baseline's base are no longer the lowest ones. */
  public boolean left() {
    return before.isPresent() && after.isEmpty();
  }
}
