package org.imagediet.observation;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.imagediet.probe.ProcessState;

/**
 * What an image does as it is.
 *
 * @param firstAnswer from the request to start the container to the first healthy answer
 * @param processes all its processes, as the kernel describes them
 * @param listening the TCP ports it listens on, by the kernel's list
 * @param timeZones whether it knows zones drawn at random, and that one of them is none
 * @param strangers whether it talks to a server of an authority that it cannot know
 */
public record AsItIs(
    Duration firstAnswer,
    List<ProcessState> processes,
    Set<Integer> listening,
    Observation timeZones,
    Observation tempFiles,
    Observation userNames,
    Observation dns,
    Observation shell,
    Observation gracefulStop,
    Observation strangers) {

  /** Returns root's user id if any of its processes is root, else the first one's real user id. */
  public int uid() {
    ProcessState process = mightiest();
    return process.root() ? 0 : process.uids().get(0);
  }

  /** Returns a process that is root, else the first. */
  public ProcessState mightiest() {
    return processes.stream().filter(ProcessState::root).findFirst().orElse(processes.get(0));
  }
}
