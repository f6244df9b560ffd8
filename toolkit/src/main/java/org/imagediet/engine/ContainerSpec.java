package org.imagediet.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a container is to be run. Memory, processes and log are always bounded, since what runs in it
 * is untrusted.
 *
 * @param entrypoint replaces the image's own; empty keeps that
 * @param command the arguments; empty keeps the image's own
 * @param user replaces the image's user
 * @param workingDirectory replaces the image's own
 * @param network {@code none}, {@code bridge} or {@code container:ID}
 * @param networkDisabled whether the engine does nothing for a network, not even for {@code none}
 * @param processNamespace {@code container:ID} to see that container's processes
 * @param droppedCapabilities names without {@code CAP_}, or {@code ALL}
 * @param addedCapabilities names without {@code CAP_}, beside what is left of the engine's default
 * @param tmpfs mount options by path
 * @param memoryBytes the most memory it may use, swap included
 * @param processes the most processes and threads it may have
 * @param nanoCpus the most time on processors, a billionth of a second in each second
 * @param init whether the engine's own init is process 1, and the image's program its child
 * @param stopSignal replaces the image's own
 * @param healthCheck replaces the image's own, as far as it goes
 * @param dns name servers, where the network is its own
 * @param hostCgroups whether the engine's machine's control groups are readable in it
 */
public record ContainerSpec(
    String image,
    List<String> entrypoint,
    List<String> command,
    Map<String, String> environment,
    Optional<String> user,
    Optional<String> workingDirectory,
    String network,
    boolean networkDisabled,
    Optional<String> processNamespace,
    boolean readOnly,
    List<String> droppedCapabilities,
    List<String> addedCapabilities,
    boolean noNewPrivileges,
    Map<String, String> tmpfs,
    long memoryBytes,
    long processes,
    OptionalLong nanoCpus,
    List<Ulimit> ulimits,
    boolean init,
    Optional<String> stopSignal,
    Optional<HealthCheck> healthCheck,
    List<String> dns,
    boolean hostCgroups,
    boolean input) {

  /** More memory than this nothing gets. */
  public static final long MOST_MEMORY_BYTES = 512L << 20;

  /** More processes and threads than this nothing gets. */
  public static final long MOST_PROCESSES = 256;

  /**
   * A resource limit of each process, see setrlimit(2).
   *
   * @param name in lower case, without {@code RLIMIT_}
   */
  public record Ulimit(String name, long soft, long hard) {}

  /** Starts from the image's own configuration, without any network. */
  public static Builder image(String image) {
    return new Builder(image);
  }

  /** Collects the deviations from the image's own configuration. */
  public static final class Builder {
    private final String image;
    private List<String> entrypoint = List.of();
    private List<String> command = List.of();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Optional<String> user = Optional.empty();
    private Optional<String> workingDirectory = Optional.empty();
    private String network = "none";
    private boolean networkDisabled;
    private Optional<String> processNamespace = Optional.empty();
    private boolean readOnly;
    private final List<String> droppedCapabilities = new ArrayList<>();
    private final List<String> addedCapabilities = new ArrayList<>();
    private boolean noNewPrivileges;
    private final Map<String, String> tmpfs = new LinkedHashMap<>();
    private long memoryBytes = MOST_MEMORY_BYTES;
    private long processes = MOST_PROCESSES;
    private OptionalLong nanoCpus = OptionalLong.empty();
    private final List<Ulimit> ulimits = new ArrayList<>();
    private boolean init;
    private Optional<String> stopSignal = Optional.empty();
    private Optional<HealthCheck> healthCheck = Optional.empty();
    private final List<String> dns = new ArrayList<>();
    private boolean hostCgroups;
    private boolean input;

    private Builder(String image) {
      this.image = image;
    }

    /** Replaces the image's entrypoint. */
    public Builder entrypoint(String... argv) {
      entrypoint = List.of(argv);
      return this;
    }

    /** Replaces the image's arguments. */
    public Builder command(String... arguments) {
      command = List.of(arguments);
      return this;
    }

    /** Sets one environment variable. */
    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Replaces the image's user. */
    public Builder user(String userAndGroup) {
      user = Optional.of(userAndGroup);
      return this;
    }

    /** Replaces the image's working directory. */
    public Builder workingDirectory(String path) {
      workingDirectory = Optional.of(path);
      return this;
    }

    /**
     * Shares the network namespace of another container: the same loopback, the same name server.
     */
    public Builder networkOf(Container other) {
      network = "container:" + other.id();
      return this;
    }

    /**
     * Leaves out what an engine does even for no network, such as a file {@code /etc/hosts}: it
     * starts and removes the container in half the time then.
     */
    public Builder networkDisabled() {
      networkDisabled = true;
      return this;
    }

    /** Connects it to the engine's own network, with a way out; for programs that we trust. */
    public Builder outbound() {
      network = "bridge";
      return this;
    }

    /** Shares the process namespace of another container, to look at what runs there. */
    public Builder processesOf(Container other) {
      processNamespace = Optional.of("container:" + other.id());
      return this;
    }

    /** Mounts the root file system read-only. */
    public Builder readOnly() {
      readOnly = true;
      return this;
    }

    /** Drops every capability and forbids gaining any. */
    public Builder unprivileged() {
      return dropCapability("ALL").noNewPrivileges();
    }

    /** Drops a capability, by its name without {@code CAP_}, or {@code ALL}. */
    public Builder dropCapability(String name) {
      droppedCapabilities.add(name);
      return this;
    }

    /** Adds a capability, by its name without {@code CAP_}. */
    public Builder addCapability(String name) {
      addedCapabilities.add(name);
      return this;
    }

    /** Forbids gaining rights, as by starting a setuid program. */
    public Builder noNewPrivileges() {
      noNewPrivileges = true;
      return this;
    }

    /**
     * Lets root, although unprivileged, read and start files in spite of their modes and owners.
     */
    public Builder anyFile() {
      return addCapability("DAC_OVERRIDE");
    }

    /** Mounts an empty memory file system. */
    public Builder tmpfs(String path, String options) {
      tmpfs.put(path, options);
      return this;
    }

    /** Bounds memory, in bytes, more tightly than {@link #MOST_MEMORY_BYTES}. */
    public Builder memoryBytes(long bytes) {
      memoryBytes = Math.min(bytes, MOST_MEMORY_BYTES);
      return this;
    }

    /** Bounds the number of processes and threads more tightly than {@link #MOST_PROCESSES}. */
    public Builder processes(long most) {
      processes = Math.min(most, MOST_PROCESSES);
      return this;
    }

    /** Bounds the time on processors, in billionths of a second in each second. */
    public Builder nanoCpus(long most) {
      nanoCpus = OptionalLong.of(most);
      return this;
    }

    /** Sets a resource limit of each process. */
    public Builder ulimit(Ulimit ulimit) {
      ulimits.add(ulimit);
      return this;
    }

    /** Makes the engine's own init process 1. */
    public Builder init() {
      init = true;
      return this;
    }

    /** Replaces the image's stop signal, such as {@code SIGINT}. */
    public Builder stopSignal(String signal) {
      stopSignal = Optional.of(signal);
      return this;
    }

    /** Replaces the image's health check, as far as the new one goes. */
    public Builder healthCheck(HealthCheck check) {
      healthCheck = Optional.of(check);
      return this;
    }

    /** Sets the name server of a container with a network namespace of its own. */
    public Builder dns(String address) {
      dns.add(address);
      return this;
    }

    /** Lets it read the control groups of the engine's machine, under their own paths. */
    public Builder hostCgroups() {
      hostCgroups = true;
      return this;
    }

    /** Opens standard input; it ends, and with it a well-behaved program, when we do. */
    public Builder input() {
      input = true;
      return this;
    }

    /** Returns the specification. */
    public ContainerSpec build() {
      return new ContainerSpec(
          image,
          entrypoint,
          command,
          Map.copyOf(environment),
          user,
          workingDirectory,
          network,
          networkDisabled,
          processNamespace,
          readOnly,
          List.copyOf(droppedCapabilities),
          List.copyOf(addedCapabilities),
          noNewPrivileges,
          Map.copyOf(tmpfs),
          memoryBytes,
          processes,
          nanoCpus,
          List.copyOf(ulimits),
          init,
          stopSignal,
          healthCheck,
          List.copyOf(dns),
          hostCgroups,
          input);
    }
  }
}
