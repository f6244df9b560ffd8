package org.imagediet.workflow;

import java.util.List;

/**
 * The part of a job that judges an image: what is checked out, and the steps that fetch the
 * baseline and compare with it.
 */
public record GateJob(List<Checkout> checkouts, List<Script> scripts) {

  /** Copies the lists. */
  public GateJob {
    checkouts = List.copyOf(checkouts);
    scripts = List.copyOf(scripts);
  }
}
