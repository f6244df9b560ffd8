package org.imagediet.observation;

import java.time.Duration;
import java.util.List;
import org.imagediet.probe.ProcessState;

/**
 * What an image does as it is.
 *
 * @param firstAnswer from the request to start the container to the first healthy answer
 * @param processes all its processes, as the kernel describes them
 * @param timeZones whether it knows zones drawn at random, and that one of them is none
 * @param strangers whether it talks to a server of an authority that it cannot know
 */
public record AsItIs(
    Duration firstAnswer,
    List<ProcessState> processes,
    Observation timeZones,
    Observation tempFiles,
    Observation userNames,
    Observation dns,
    Observation shell,
    Observation gracefulStop,
    Observation strangers) {

  /** Returns root's user id if any of its processes is root, else the first one's real user id. */
  public int uid() {
    return processes.stream().anyMatch(ProcessState::root) ? 0 : processes.get(0).uids().get(0);
  }
}
