package org.imagediet.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an engine is to look whether a container is well. What is empty is as the image says, and
 * else the engine's default.
 *
 * @param test an argv after one of the words CMD, CMD-SHELL and NONE; empty keeps the image's own
 * @param interval between two looks
 * @param timeout of one look
 * @param retries how many failing looks in a row make it unwell
 * @param startPeriod in which failing looks do not count
 * @param startInterval between two looks in the start period; older engines do not know it
 */
public record HealthCheck(
    List<String> test,
    Optional<Duration> interval,
    Optional<Duration> timeout,
    OptionalInt retries,
    Optional<Duration> startPeriod,
    Optional<Duration> startInterval) {}
