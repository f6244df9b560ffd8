package org.imagediet.observation;

import java.time.Duration;
import java.util.Map;

/**
 * What an image did in the runs that tell what it costs and gives up.
 *
 * @param uid the real user id of the running service; root's, if any of its processes is root
 * @param firstAnswer from the request to start the container to the first healthy answer, the
 *     median of the runs
 */
public record Behaviour(int uid, Duration firstAnswer, Map<Tradeoff, Observation> tradeoffs) {}
