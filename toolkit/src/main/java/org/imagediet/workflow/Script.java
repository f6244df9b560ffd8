package org.imagediet.workflow;

import java.util.List;
import java.util.Map;

/**
 * A {@code run} step, ready to be run.
 *
 * @param shell the program that runs the text, and its options
 * @param folder where, from the workspace
 * @param environment what the workflow, the job and the step set
 */
public record Script(
    String id, List<String> shell, String text, String folder, Map<String, String> environment) {

  /** Copies the collections. */
  public Script {
    shell = List.copyOf(shell);
    environment = Map.copyOf(environment);
  }
}
