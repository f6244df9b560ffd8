package org.imagediet.scan;

/**
 * A result and what it rests on.
 *
 * @param billOfMaterials the image's components, as CycloneDX JSON
 */
public record Scan(ScanResult result, byte[] billOfMaterials) {}
