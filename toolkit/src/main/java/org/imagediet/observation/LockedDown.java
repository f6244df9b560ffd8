package org.imagediet.observation;

import java.time.Duration;
import java.util.Optional;

/**
 * What an image does read-only, without capabilities and without gaining any.
 *
 * @param firstAnswer empty when it gave none
 */
public record LockedDown(Optional<Duration> firstAnswer, Observation runs) {}
