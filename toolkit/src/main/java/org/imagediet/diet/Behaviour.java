package org.imagediet.diet;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What an image did when it was run.
 *
 * @param uid the real user id of the running service; root's, if any of its processes is root
 * @param firstAnswer from the request to start the container to the first healthy answer
 */
public record Behaviour(int uid, Duration firstAnswer, Map<Tradeoff, Observation> tradeoffs) {

  /** The middle one of an odd number of durations. */
  static Duration median(List<Duration> durations) {
    return durations.stream().sorted().toList().get(durations.size() / 2);
  }
}
