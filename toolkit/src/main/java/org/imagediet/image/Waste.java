package org.imagediet.image;

import java.util.List;

/**
 * Bytes that are shipped but never seen: written again or deleted by a later layer.
 *
 * @param files the largest of them, at most 100
 */
public record Waste(long bytes, List<WastedFile> files) {

  /**
   * One file that a later layer hides.
   *
   * @param layer the index of the layer that ships it
   */
  public record WastedFile(String path, long bytes, int layer) {}
}
