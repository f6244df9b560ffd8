package org.imagediet.engine;

import java.util.OptionalLong;

/**
 * What a container may use at most; empty where nothing bounds it.
 *
 * @param processes processes and threads
 * @param nanoCpus time on processors, a billionth of a second in each second
 */
public record ResourceLimits(
    OptionalLong memoryBytes, OptionalLong processes, OptionalLong nanoCpus) {}
