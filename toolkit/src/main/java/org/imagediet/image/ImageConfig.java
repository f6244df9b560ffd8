package org.imagediet.image;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an image is to be run. Nothing is null: what the image omits is empty.
 *
 * @param user as written, a name or a number with perhaps a group
 * @param environment in the image's order
 * @param variant of the architecture, such as {@code v7}; mostly empty
 */
public record ImageConfig(
    String user,
    Map<String, String> environment,
    List<String> entrypoint,
    List<String> command,
    String workingDirectory,
    Map<String, String> labels,
    List<String> exposedPorts,
    Optional<HealthCheck> healthCheck,
    String stopSignal,
    String created,
    String architecture,
    String os,
    String variant) {

  /**
   * A health check of the image.
   *
   * @param test its argv, the first word being CMD, CMD-SHELL or NONE
   */
  public record HealthCheck(List<String> test, long intervalNanos, long timeoutNanos) {}

  /** Returns what is run: the entrypoint with the command as its arguments. */
  public List<String> argv() {
    List<String> argv = new java.util.ArrayList<>(entrypoint);
    argv.addAll(command);
    return List.copyOf(argv);
  }

  /** Returns the platform, such as {@code linux/amd64} or {@code linux/arm/v7}. */
  public String platform() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
