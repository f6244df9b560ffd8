package org.imagediet.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a container is to be run. Memory, processes and log are always bounded, since what runs in it
 * is untrusted.
 *
 * @param entrypoint replaces the image's own; empty keeps that
 * @param command the arguments; empty keeps the image's own
 * @param user replaces the image's user
 * @param workingDirectory replaces the image's own
 * @param network {@code none}, {@code bridge} or {@code container:ID}
 * @param processNamespace {@code container:ID} to see that container's processes
 * @param anyFile whether it may read and start files in spite of their modes and owners
 * @param tmpfs mount options by path
 * @param memoryBytes the most memory it may use, swap included
 * @param processes the most processes and threads it may have
 * @param dns name servers, where the network is its own
 */
public record ContainerSpec(
    String image,
    List<String> entrypoint,
    List<String> command,
    Map<String, String> environment,
    Optional<String> user,
    Optional<String> workingDirectory,
    String network,
    Optional<String> processNamespace,
    boolean readOnly,
    boolean noCapabilities,
    boolean noNewPrivileges,
    boolean anyFile,
    Map<String, String> tmpfs,
    long memoryBytes,
    long processes,
    List<String> dns,
    boolean input) {

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
    private Optional<String> processNamespace = Optional.empty();
    private boolean readOnly;
    private boolean noCapabilities;
    private boolean noNewPrivileges;
    private boolean anyFile;
    private final Map<String, String> tmpfs = new LinkedHashMap<>();
    private long memoryBytes = 512L << 20;
    private long processes = 256;
    private final List<String> dns = new ArrayList<>();
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
      noCapabilities = true;
      noNewPrivileges = true;
      return this;
    }

    /**
     * Lets root, although unprivileged, read and start files in spite of their modes and owners.
     */
    public Builder anyFile() {
      anyFile = true;
      return this;
    }

    /** Mounts an empty memory file system. */
    public Builder tmpfs(String path, String options) {
      tmpfs.put(path, options);
      return this;
    }

    /** Bounds memory, in bytes. */
    public Builder memoryBytes(long bytes) {
      memoryBytes = bytes;
      return this;
    }

    /** Sets the name server of a container with a network namespace of its own. */
    public Builder dns(String address) {
      dns.add(address);
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
          processNamespace,
          readOnly,
          noCapabilities,
          noNewPrivileges,
          anyFile,
          Map.copyOf(tmpfs),
          memoryBytes,
          processes,
          List.copyOf(dns),
          input);
    }
  }
}
