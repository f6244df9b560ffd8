package org.imagediet.observation;

import java.time.Duration;
import org.imagediet.engine.ResourceLimits;
import org.imagediet.probe.Confinement;

/**
 * What an image does when it runs as a compose file says.
 *
 * @param firstAnswer from the request to start the container to the first healthy answer
 * @param confinement of its processes, by the kernel's word
 * @param limits by the kernel's word if {@code confinement} has them, else by the engine's
 */
public record AsComposed(
    Duration firstAnswer,
    Confinement confinement,
    ResourceLimits limits,
    Observation tempFiles,
    Observation gracefulStop) {}
