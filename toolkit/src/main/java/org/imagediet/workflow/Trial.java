package org.imagediet.workflow;

import java.util.OptionalInt;

/**
 * How the steps of a job ended.
 *
 * @param exitCode that of the first step that failed, else 0; empty when they did not end in time
 * @param lastStep the step that ran last
 * @param output what that one wrote, or the end of it; not yet cleaned
 * @param summary what the steps left for the summary of the job; not yet cleaned
 */
public record Trial(OptionalInt exitCode, String lastStep, String output, String summary) {

  /** Returns whether the job is green. */
  public boolean passed() {
    return exitCode.orElse(1) == 0;
  }
}
