package org.imagediet.compose;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.HealthCheck;
import org.imagediet.engine.ResourceLimits;

/**
 * How the one service of a compose file is to be run. What is empty is as the image says.
 *
 * @param name what the file calls it
 * @param user a name or a number with perhaps a group
 * @param droppedCapabilities names without {@code CAP_}, or {@code ALL}
 * @param addedCapabilities names without {@code CAP_}
 * @param tmpfs mount options by path
 * @param limits what the file asks for, which may be more than it gets
 * @param stopGrace from the stop signal to the kill; the engine's default is 10 s
 * @param ignored keys that the file has and that change nothing here
 */
public record ComposeService(
    String name,
    Optional<String> user,
    boolean readOnly,
    List<String> droppedCapabilities,
    List<String> addedCapabilities,
    boolean noNewPrivileges,
    Map<String, String> tmpfs,
    ResourceLimits limits,
    List<ContainerSpec.Ulimit> ulimits,
    Optional<HealthCheck> healthCheck,
    Optional<String> stopSignal,
    Optional<Duration> stopGrace,
    boolean init,
    Map<String, String> environment,
    List<String> entrypoint,
    List<String> command,
    Optional<String> workingDirectory,
    List<String> ignored) {

  /** The file's name in a submission. */
  public static final String FILE = "compose.yaml";

  /** The most time on processors: one, which every machine has. */
  public static final long MOST_NANO_CPUS = 1_000_000_000L;

  /**
   * Has a container run so. Its network stays the caller's, and its limits get no wider than the
   * caller's own.
   */
  public ContainerSpec.Builder applyTo(ContainerSpec.Builder spec) {
    user.ifPresent(spec::user);
    if (readOnly) {
      spec.readOnly();
    }
    droppedCapabilities.forEach(spec::dropCapability);
    addedCapabilities.forEach(spec::addCapability);
    if (noNewPrivileges) {
      spec.noNewPrivileges();
    }
    tmpfs.forEach(spec::tmpfs);
    limits.memoryBytes().ifPresent(spec::memoryBytes);
    limits.processes().ifPresent(spec::processes);
    limits.nanoCpus().ifPresent(most -> spec.nanoCpus(Math.min(most, MOST_NANO_CPUS)));
    ulimits.forEach(spec::ulimit);
    healthCheck.ifPresent(spec::healthCheck);
    stopSignal.ifPresent(spec::stopSignal);
    if (init) {
      spec.init();
    }
    environment.forEach(spec::environment);
    if (!entrypoint.isEmpty()) {
      spec.entrypoint(entrypoint.toArray(String[]::new));
    }
    if (!command.isEmpty()) {
      spec.command(command.toArray(String[]::new));
    }
    workingDirectory.ifPresent(spec::workingDirectory);
    return spec;
  }
}
