package org.imagediet.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.command.PullImageResultCallback;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** An engine that speaks Docker's HTTP API, which Podman does too. */
public final class DockerEngine implements Engine {

  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(5);
  private static final Duration PULL_FIRST_SIGN = Duration.ofSeconds(20);
  private static final Duration FIRST_ANSWER_DEADLINE = Duration.ofSeconds(12);
  private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final String CGROUPS = "/sys/fs/cgroup";

  private final URI address;
  private final DockerClient client;

  /** For calls that may rightly be silent for minutes and have a deadline of their own. */
  private final DockerClient patient;

  private final String description;
  private final String architecture;
  private final Optional<Path> localStorage;
  private final Set<String> temporaryNames = ConcurrentHashMap.newKeySet();
  private final Set<DockerContainer> containers = ConcurrentHashMap.newKeySet();
  private final ReadWriteLock creating = new ReentrantReadWriteLock();
  private volatile boolean closed;
  private final Thread cleaner = new Thread(this::cleanUpAtTheEnd, "container-cleaner");
  private final Thread watch = new Thread(this::lookAfterContainers, "container-watch");

  private DockerEngine(
      URI address,
      DockerClient client,
      DockerClient patient,
      String description,
      String architecture,
      Optional<Path> localStorage) {
    this.address = address;
    this.client = client;
    this.patient = patient;
    this.description = description;
    this.architecture = architecture;
    this.localStorage = localStorage;
    watch.setDaemon(true);
  }

  /**
   * Connects to an engine that is known to answer.
   *
   * @param address {@code unix://…} or {@code tcp://…}
   * @throws EnvironmentException when it does not answer as an engine
   */
  public static DockerEngine connect(URI address) {
    return connect(address, FIRST_ANSWER_DEADLINE);
  }

  static DockerEngine connect(URI address, Duration deadline) {
    DockerClient client = client(address, ANSWER_DEADLINE);
    DockerClient patient = client(address, null);
    try {
      FirstAnswer answer = firstAnswer(client, deadline);
      Version version = answer.version();
      Info info = answer.info();
      String architecture = Objects.requireNonNullElse(version.getArch(), "amd64");
      String description =
          "Docker %s (%s/%s, %s)"
              .formatted(
                  version.getVersion(),
                  Objects.requireNonNullElse(version.getOperatingSystem(), "linux"),
                  architecture,
                  Objects.requireNonNullElse(info.getDriver(), "unknown storage"));
      DockerEngine engine =
          new DockerEngine(
              address, client, patient, description, architecture, localStorage(address, info));
      Runtime.getRuntime().addShutdownHook(engine.cleaner);
      engine.watch.start();
      return engine;
    } catch (RuntimeException e) {
      throw new EnvironmentException(
          "The engine at %s does not answer: %s.".formatted(address, reason(e)), e);
    }
  }

  /** A path means nothing when the engine is elsewhere, or in a virtual machine. */
  private static Optional<Path> localStorage(URI address, Info info) {
    return Optional.ofNullable(info.getDockerRootDir())
        .filter(folder -> "unix".equals(address.getScheme()))
        .map(Path::of)
        .filter(Files::isDirectory);
  }

  private record FirstAnswer(Version version, Info info) {}

  /** Asks in a thread of its own: a deadline of the client's does not hold on a Unix socket. */
  private static FirstAnswer firstAnswer(DockerClient client, Duration deadline) {
    CompletableFuture<FirstAnswer> answer = new CompletableFuture<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                answer.complete(
                    new FirstAnswer(client.versionCmd().exec(), client.infoCmd().exec()));
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            },
            "first-answer");
    asking.setDaemon(true);
    asking.start();
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw (RuntimeException) e.getCause();
    } catch (TimeoutException e) {
      throw new EnvironmentException("it is silent for " + deadline.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("we were interrupted", e);
    }
  }

  private static DockerClient client(URI address, Duration answerDeadline) {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(address.toString())
            .build();
    return DockerClientImpl.getInstance(
        config,
        new UncompressedHttp(
            new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .connectionTimeout(CONNECT_DEADLINE)
                .responseTimeout(answerDeadline)
                .maxConnections(64)
                .build()));
  }

  DockerClient client() {
    return client;
  }

  DockerClient patientClient() {
    return patient;
  }

  @Override
  public URI address() {
    return address;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public String architecture() {
    return architecture;
  }

  @Override
  public Optional<String> imageId(String reference) {
    return inspect(reference).map(InspectImageResponse::getId);
  }

  @Override
  public Optional<String> label(String reference, String label) {
    return inspect(reference)
        .map(InspectImageResponse::getConfig)
        .map(config -> config.getLabels())
        .map(labels -> labels.get(label));
  }

  @Override
  public List<String> layers(String reference) {
    return inspect(reference)
        .map(InspectImageResponse::getRootFS)
        .map(rootfs -> rootfs.getLayers())
        .orElse(List.of());
  }

  @Override
  public long size(String reference) {
    return inspect(reference).map(InspectImageResponse::getSize).orElse(0L);
  }

  @Override
  public Optional<Path> localStorage() {
    return localStorage;
  }

  private Optional<InspectImageResponse> inspect(String reference) {
    return guarded(
        () -> {
          try {
            return Optional.of(client.inspectImageCmd(reference).exec());
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public Optional<String> pull(String reference, Duration deadline) {
    CountDownLatch firstSign = new CountDownLatch(1);
    PullImageResultCallback progress =
        new PullImageResultCallback() {
          @Override
          public void onNext(PullResponseItem item) {
            firstSign.countDown();
            super.onNext(item);
          }

          @Override
          public void onError(Throwable throwable) {
            firstSign.countDown();
            super.onError(throwable);
          }
        };
    try (var pull = patient.pullImageCmd(reference).exec(progress)) {
      // An engine without a network retries for minutes before it says so.
      if (!firstSign.await(PULL_FIRST_SIGN.toSeconds(), TimeUnit.SECONDS)) {
        return Optional.of("no answer within " + PULL_FIRST_SIGN.toSeconds() + " s");
      }
      if (!pull.awaitCompletion(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.of("not finished within " + deadline.toSeconds() + " s");
      }
      return imageId(reference).isPresent() ? Optional.empty() : Optional.of("not pulled");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while pulling " + reference + ".", e);
    } catch (IOException | RuntimeException e) {
      return Optional.of(reason(e));
    }
  }

  @Override
  public void load(InputStream archive) {
    try (var outcome = patient.loadImageAsyncCmd(archive).exec(new LoadOutcome())) {
      outcome.awaitCompletion();
      outcome
          .error()
          .ifPresent(
              error -> {
                throw new DockerClientException(error);
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while loading images.", e);
    } catch (IOException | RuntimeException e) {
      throw translated(e);
    }
  }

  @Override
  public InputStream save(String... references) {
    return guarded(
        () -> {
          var save = patient.saveImagesCmd();
          for (String reference : references) {
            ImageName name = ImageName.parse(reference);
            save.withImage(name.repository(), name.tag());
          }
          return save.exec();
        });
  }

  @Override
  public void tag(String reference, String newReference) {
    ImageName name = ImageName.parse(newReference);
    guarded(
        () -> {
          client.tagImageCmd(reference, name.repository(), name.tag()).withForce().exec();
          return true;
        });
  }

  @Override
  public String temporaryName(String what) {
    String name = TemporaryName.create(what);
    temporaryNames.add(name);
    return name;
  }

  @Override
  public void untag(String reference) {
    temporaryNames.remove(reference);
    try {
      client.removeImageCmd(reference).exec();
    } catch (NotFoundException e) {
      // Gone already, which is all we want.
    } catch (DockerException e) {
      // In use by a container or a parent of another image: it goes when they go.
      if (e.getHttpStatus() != 409) {
        throw translated(e);
      }
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  @Override
  public Container create(ContainerSpec spec) {
    creating.readLock().lock();
    try {
      if (closed) {
        throw new EnvironmentException("Interrupted before a container was created.");
      }
      return created(spec);
    } finally {
      creating.readLock().unlock();
    }
  }

  private Container created(ContainerSpec spec) {
    return guarded(
        () -> {
          CreateContainerCmd command =
              client
                  .createContainerCmd(spec.image())
                  .withHostConfig(hostConfig(spec))
                  .withLabels(Map.of(Owner.LABEL, Owner.self().label()))
                  .withEnv(
                      spec.environment().entrySet().stream()
                          .map(e -> e.getKey() + "=" + e.getValue())
                          .toList())
                  .withStdinOpen(spec.input())
                  .withAttachStdin(spec.input())
                  // When our connection breaks, whoever reads standard input sees its end.
                  .withStdInOnce(spec.input())
                  .withNetworkDisabled(spec.networkDisabled());
          if (!spec.entrypoint().isEmpty()) {
            command.withEntrypoint(spec.entrypoint());
          }
          if (!spec.command().isEmpty()) {
            command.withCmd(spec.command());
          }
          spec.user().ifPresent(command::withUser);
          spec.workingDirectory().ifPresent(command::withWorkingDir);
          spec.stopSignal().ifPresent(command::withStopSignal);
          spec.healthCheck().ifPresent(check -> command.withHealthcheck(healthCheck(check)));
          DockerContainer container =
              new DockerContainer(
                  command.exec().getId(), spec.memoryBytes(), this, containers::remove);
          containers.add(container);
          return container;
        });
  }

  private static HostConfig hostConfig(ContainerSpec spec) {
    HostConfig host =
        HostConfig.newHostConfig()
            .withNetworkMode(spec.network())
            .withMemory(spec.memoryBytes())
            .withMemorySwap(spec.memoryBytes())
            .withPidsLimit(spec.processes())
            .withReadonlyRootfs(spec.readOnly())
            .withTmpFs(spec.tmpfs())
            .withLogConfig(
                new LogConfig(
                    LogConfig.LoggingType.JSON_FILE, Map.of("max-size", "1m", "max-file", "1")));
    spec.processNamespace().ifPresent(host::withPidMode);
    if (!spec.dns().isEmpty()) {
      host.withDns(spec.dns());
    }
    host.withCapDrop(capabilities(spec.droppedCapabilities()));
    host.withCapAdd(capabilities(spec.addedCapabilities()));
    if (spec.noNewPrivileges()) {
      host.withSecurityOpts(List.of("no-new-privileges"));
    }
    spec.nanoCpus().ifPresent(host::withNanoCPUs);
    host.withUlimits(
        spec.ulimits().stream()
            .map(ulimit -> new Ulimit(ulimit.name(), ulimit.soft(), ulimit.hard()))
            .toList());
    if (spec.init()) {
      host.withInit(true);
    }
    if (spec.hostCgroups()) {
      host.withBinds(new Bind(CGROUPS, new Volume(CGROUPS), AccessMode.ro));
      // Else /proc/PID/cgroup shows paths that begin at a group of the container's own.
      host.withCgroupnsMode("host");
    }
    return host;
  }

  private static Capability[] capabilities(List<String> names) {
    return names.stream().map(Capability::valueOf).toArray(Capability[]::new);
  }

  private static com.github.dockerjava.api.model.HealthCheck healthCheck(HealthCheck check) {
    var health = new com.github.dockerjava.api.model.HealthCheck();
    if (!check.test().isEmpty()) {
      health.withTest(check.test());
    }
    check.interval().map(Duration::toNanos).ifPresent(health::withInterval);
    check.timeout().map(Duration::toNanos).ifPresent(health::withTimeout);
    check.retries().ifPresent(health::withRetries);
    check.startPeriod().map(Duration::toNanos).ifPresent(health::withStartPeriod);
    check.startInterval().map(Duration::toNanos).ifPresent(health::withStartInterval);
    return health;
  }

  @Override
  public void sweep() {
    guarded(
        () -> {
          client
              .listContainersCmd()
              .withShowAll(true)
              .withLabelFilter(List.of(Owner.LABEL))
              .exec()
              .stream()
              .filter(
                  found ->
                      Optional.ofNullable(found.getLabels())
                          .map(labels -> labels.get(Owner.LABEL))
                          .flatMap(Owner::parse)
                          .filter(Owner::ended)
                          .isPresent())
              .forEach(found -> new DockerContainer(found.getId(), 0, this, gone -> {}).close());
          for (Image image :
              client.listImagesCmd().withReferenceFilter(TemporaryName.REPOSITORY).exec()) {
            Stream.ofNullable(image.getRepoTags())
                .flatMap(Stream::of)
                .filter(name -> TemporaryName.owner(name).filter(Owner::ended).isPresent())
                .forEach(this::untag);
          }
          return true;
        });
  }

  private void lookAfterContainers() {
    while (!closed) {
      long before = System.nanoTime();
      containers.forEach(DockerContainer::lookAfter);
      long took = (System.nanoTime() - before) / 1_000_000;
      try {
        // Some engines count files for it; they shall do that a tenth of the time at most.
        Thread.sleep(Math.max(LOOK.toMillis(), 10 * took));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void cleanUpAtTheEnd() {
    // A build that still runs would bring its image when we have gone.
    Command.endAll();
    cleanUp();
  }

  private void cleanUp() {
    removeContainers();
    for (String name : temporaryNames) {
      try {
        untag(name);
      } catch (EnvironmentException e) {
        // A later run sweeps what is left.
      }
    }
  }

  private void removeContainers() {
    try {
      // A container that is just being created would be one that nobody removes.
      if (creating.writeLock().tryLock(10, TimeUnit.SECONDS)) {
        closed = true;
        creating.writeLock().unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List.copyOf(containers).forEach(DockerContainer::close);
  }

  @Override
  public void close() {
    cleanUp();
    watch.interrupt();
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // Shutting down already: the hook is running, and finds nothing left to do.
    }
    closeQuietly(client);
    closeQuietly(patient);
  }

  private static void closeQuietly(DockerClient client) {
    try {
      client.close();
    } catch (IOException e) {
      // Nothing depends on how a connection of ours ends.
    }
  }

  static <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (EnvironmentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  private static EnvironmentException translated(Exception e) {
    String reason = reason(e);
    if (reason.contains("no space left on device")) {
      return new EnvironmentException(
          "The engine has no space left on its disk; free some, for example with"
              + " `docker system prune`, and run again.",
          e);
    }
    return new EnvironmentException("The engine refused: " + reason + ".", e);
  }

  /** The innermost message that says something, in one line, without a full stop. */
  static String reason(Throwable e) {
    String message = "";
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t.getMessage() != null && !t.getMessage().isBlank()) {
        message = t.getMessage();
      }
    }
    if (message.isEmpty()) {
      message = e.getClass().getSimpleName();
    }
    // docker-java wraps the engine's own sentence: Status 404: {"message":"…"}
    int quoted = message.indexOf("{\"message\":\"");
    if (quoted >= 0) {
      int end = message.lastIndexOf("\"}");
      message = message.substring(quoted + 12, end > quoted ? end : message.length());
      message = message.replace("\\\"", "\"").replace("\\n", " ");
    }
    message = message.replaceAll("\\s+", " ").strip();
    if (message.length() > 400) {
      message = message.substring(0, 400) + "...";
    }
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
