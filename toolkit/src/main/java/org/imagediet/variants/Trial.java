package org.imagediet.variants;

import java.util.Optional;
import org.imagediet.bases.Variant;
import org.imagediet.observation.Observation;

/**
 * One program on one variant.
 *
 * @param baseBytes the variant's own size, unpacked
 * @param bytes the size of an image of both, unpacked
 * @param seen whether it starts there and does its work, and what was seen
 * @param lack what stopped it from starting, where that is a missing file
 */
public record Trial(
    Variant variant, long baseBytes, long bytes, Observation seen, Optional<Lack> lack) {}
