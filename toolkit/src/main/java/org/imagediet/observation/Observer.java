package org.imagediet.observation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.imagediet.archive.TarBytes;
import org.imagediet.compose.ComposeService;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Finding;
import org.imagediet.image.TrustStore;
import org.imagediet.probe.LabAuthority;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;
import org.imagediet.probe.ProcessState;
import org.imagediet.probe.Server;
import org.imagediet.probe.TrustStores;

/**
 * Runs an image beside a probe in several ways, each at most once, and writes down what it does: as
 * it is, with one thing about its trust stores changed, and locked down.
 */
public final class Observer {

  private static final int DEFAULT_PORT = 8080;
  private static final int MOST_STORES = 5;
  private static final Duration EXECUTION = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Odd offsets, which no guess gets right. */
  private static final List<String> ZONES =
      List.of("Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "Australia/Eucla");

  private final SecureRandom random = new SecureRandom();
  private final Probe probe;
  private final Runner runner;
  private final ContainerImage image;
  private final boolean elsewhere;
  private final int port;
  private final Once<AsItIs> asItIs;
  private final Once<Observation> work;
  private final Once<Trusting> trusting;
  private final Once<Observation> rootless;
  private final Once<Optional<TrustStore>> storeInUse;
  private final Once<LockedDown> lockedDown;

  /**
   * Prepares to observe an image.
   *
   * @param name the engine's name of the image
   * @param image what was read from it
   */
  public Observer(Probe probe, String name, ContainerImage image) {
    this(probe, name, image, new Seen());
  }

  /**
   * Prepares to observe an image that others may observe too.
   *
   * @param seen what is known of it already, and where the rest is written down
   */
  public Observer(Probe probe, String name, ContainerImage image, Seen seen) {
    this(
        probe,
        image,
        false,
        options -> probe.create(options.apply(ContainerSpec.image(name))),
        seen);
  }

  /**
   * Prepares to observe an image's files where somebody else puts them.
   *
   * @param runner makes the containers
   */
  public Observer(Probe probe, ContainerImage image, Runner runner) {
    this(probe, image, true, runner, new Seen());
  }

  private Observer(Probe probe, ContainerImage image, boolean elsewhere, Runner runner, Seen seen) {
    this.probe = probe;
    this.image = image;
    this.elsewhere = elsewhere;
    this.runner = runner;
    asItIs = Once.of(() -> seen.asItIs.get(this::observeAsItIs));
    work = Once.of(() -> seen.work.get(this::observeWork));
    trusting = Once.of(() -> seen.trusting.get(() -> observeTrusting(stores())));
    rootless = Once.of(() -> seen.rootless.get(this::observeRootless));
    storeInUse = Once.of(() -> seen.storeInUse.get(this::findStoreInUse));
    lockedDown = Once.of(() -> seen.lockedDown.get(this::observeLockedDown));
    port = port(image.config().environment());
  }

  /** Makes the containers that are observed. */
  @FunctionalInterface
  public interface Runner {
    /**
     * Creates a container on the probe's loopback.
     *
     * @param options deviations that the observation asks for
     */
    Container create(UnaryOperator<ContainerSpec.Builder> options);
  }

  /** Returns the port that the service is asked on. */
  public static int port(ContainerImage image) {
    return port(image.config().environment());
  }

  static int port(Map<String, String> environment) {
    String port = environment.getOrDefault("PORT", "");
    return port.matches("[1-9]\\d{0,4}") ? Integer.parseInt(port) : DEFAULT_PORT;
  }

  /**
   * Returns what it does as it is.
   *
   * @throws NoAnswerException when the service does not come up
   */
  public AsItIs asItIs() {
    return asItIs.get();
  }

  /**
   * Returns whether it does what may depend on its base, but for TLS: it knows time zones and
   * writes temporary files.
   *
   * @throws NoAnswerException when the service does not come up
   */
  public Observation work() {
    return work.get();
  }

  /**
   * Returns what it does with the lab's authority added to every trust store that it carries.
   *
   * @throws NoAnswerException when the service does not come up
   */
  public Trusting trusting() {
    return trusting.get();
  }

  /**
   * Returns whether it refuses the lab's server when every trust store that it carries holds
   * another authority and nothing else.
   *
   * @throws NoAnswerException when the service does not come up
   */
  public Observation rootless() {
    return rootless.get();
  }

  /** Returns the trust store that decides whom it trusts, found by changing one at a time. */
  public Optional<TrustStore> storeInUse() {
    return storeInUse.get();
  }

  /** Returns what it does read-only and without capabilities. */
  public LockedDown lockedDown() {
    return lockedDown.get();
  }

  /** Returns who runs it as a compose file says. */
  public Composed composed(ComposeService service) {
    return new Composed(probe, runner, image, service);
  }

  /**
   * Returns what it does and what it gives up, as the diet's tables show it.
   *
   * @throws NoAnswerException when the service does not come up
   */
  public Behaviour behaviour() {
    AsItIs seen = asItIs();
    Map<Tradeoff, Observation> tradeoffs = new EnumMap<>(Tradeoff.class);
    tradeoffs.put(Tradeoff.SHELL, seen.shell());
    tradeoffs.put(Tradeoff.TLS, tls());
    tradeoffs.put(Tradeoff.TIME_ZONES, seen.timeZones());
    tradeoffs.put(Tradeoff.TEMP_FILES, seen.tempFiles());
    tradeoffs.put(Tradeoff.USER_NAMES, seen.userNames());
    tradeoffs.put(Tradeoff.DNS, seen.dns());
    tradeoffs.put(Tradeoff.GRACEFUL_STOP, seen.gracefulStop());
    tradeoffs.put(Tradeoff.LOCKED_DOWN, lockedDown().runs());
    List<Duration> starts = new ArrayList<>(List.of(seen.firstAnswer()));
    trusting.known().ifPresent(run -> starts.add(run.firstAnswer()));
    lockedDown().firstAnswer().ifPresent(starts::add);
    Collections.sort(starts);
    return new Behaviour(seen.uid(), starts.get(starts.size() / 2), Map.copyOf(tradeoffs));
  }

  /**
   * A server of the lab's authority must be refused by the image as it is and accepted once that
   * authority is in a trust store the image carries; only then does it both reach and verify.
   */
  private Observation tls() {
    if (asItIs().strangers().works()) {
      return Observation.fails(asItIs().strangers().evidence());
    }
    if (!trusting().firstServer().works()) {
      return trusting().firstServer();
    }
    return trusting().wrongServers().values().stream()
        .filter(refused -> !refused.works())
        .findFirst()
        .orElse(trusting().firstServer());
  }

  private AsItIs observeAsItIs() {
    try (Container container = runner.create(spec -> spec)) {
      Service service = Service.start(probe, container, port);
      List<ProcessState> processes = probe.processes(container);
      if (processes.isEmpty()) {
        throw new NoAnswerException("it answered once and has no process any more");
      }
      Service.Fetch stranger = service.fetch(Server.GOOD);
      // Twice: whoever learns to trust at the first meeting accepts at the second.
      boolean accepted = stranger.accepted() || service.fetch(Server.GOOD).accepted();
      return new AsItIs(
          service.firstAnswer(),
          processes,
          probe.listening(),
          timeZones(service),
          temporaryFile(service),
          userName(service),
          stranger.found()
              ? Observation.works("asked the name server and connected")
              : Observation.fails(stranger.reply().error()),
          shell(container),
          gracefulStop(service, container, GRACE),
          new Observation(
              accepted,
              accepted
                  ? "accepts a server whose authority it cannot know"
                  : stranger.reply().error()));
    }
  }

  private Observation observeWork() {
    try (Container container = runner.create(spec -> spec)) {
      Service service = Service.start(probe, container, port);
      Observation zones = timeZones(service);
      if (!zones.works()) {
        return Observation.fails("no time zones: " + zones.evidence());
      }
      Observation files = temporaryFile(service);
      if (!files.works()) {
        return Observation.fails("no temporary files: " + files.evidence());
      }
      JsonNode about = service.ask("GET", "/").json();
      return Observation.works(
          "says that it is user id %s, CapEff %s, NoNewPrivs %s"
              .formatted(
                  about.path("uid").asText(),
                  about.path("capEff").asText(),
                  about.path("noNewPrivs").asText()));
    }
  }

  private Observation timeZones(Service service) {
    List<String> zones = new ArrayList<>(ZONES);
    Collections.shuffle(zones, random);
    List<String> told = new ArrayList<>();
    for (String zone : zones.subList(0, 2)) {
      Observation seen = timeZone(service, zone);
      if (!seen.works()) {
        return seen;
      }
      told.add(seen.evidence());
    }
    String none = "Mars/Crater_" + random.nextInt(1000);
    Service.Reply reply = service.ask("GET", "/time?tz=" + none);
    return reply.ok()
        ? Observation.fails("it knows the time in " + none + ", which is no zone")
        : Observation.works(String.join(", ", told));
  }

  private Observation timeZone(Service service, String zone) {
    Service.Reply reply = service.ask("GET", "/time?tz=" + encoded(zone));
    if (!reply.ok()) {
      return Observation.fails(reply.error());
    }
    String time = reply.json().path("time").asText();
    try {
      OffsetDateTime told = OffsetDateTime.parse(time);
      boolean right =
          told.getOffset().equals(ZoneId.of(zone).getRules().getOffset(told.toInstant()))
              && Duration.between(told.toInstant(), Instant.now()).abs().toMinutes() < 5;
      return new Observation(right, "in " + zone + " it is " + time);
    } catch (DateTimeException e) {
      return Observation.fails("no time in " + zone + ": " + time);
    }
  }

  static Observation temporaryFile(Service service) {
    Service.Reply reply = service.ask("POST", "/tmp");
    return reply.ok()
        ? Observation.works("wrote and deleted " + reply.json().path("path").asText())
        : Observation.fails(reply.error());
  }

  private static Observation userName(Service service) {
    JsonNode about = service.ask("GET", "/").json();
    String user = about.path("user").asText("");
    String uid = about.path("uid").asText();
    return user.isEmpty() || about.path("user").isNull()
        ? Observation.fails("no name for user id " + uid)
        : Observation.works("user id " + uid + " is " + user);
  }

  private Observation shell(Container container) {
    List<List<String>> programs = new ArrayList<>(List.of(List.of("sh")));
    for (Finding shell : image.shells().stream().limit(10).toList()) {
      programs.add(List.of(shell.path()));
      // A busybox under its own name wants to be told which of its programs it is to be.
      programs.add(List.of(shell.path(), "sh"));
    }
    String failure = "";
    Instant end = Instant.now().plus(EXECUTION);
    for (List<String> program : programs) {
      if (Instant.now().isAfter(end)) {
        break;
      }
      Sum sum = Sum.random(random);
      List<String> argv = new ArrayList<>(program);
      argv.addAll(List.of("-c", "echo " + sum.question()));
      Container.Executed executed = container.execute(argv, EXECUTION);
      if (executed.output().strip().equals(sum.answer())) {
        return Observation.works(
            String.join(" ", program) + " -c works inside the running container");
      }
      failure = failure.isEmpty() ? executed.output().strip() : failure;
    }
    return Observation.fails(failure);
  }

  static Observation gracefulStop(Service service, Container container, Duration grace) {
    CompletableFuture<Service.Reply> inFlight =
        CompletableFuture.supplyAsync(() -> service.ask("GET", "/slow?ms=700"));
    sleep(Duration.ofMillis(250));
    Container.Stopped stopped = container.stop(grace);
    String took =
        "exit code %d after %d ms".formatted(stopped.exitCode(), stopped.took().toMillis());
    boolean answered = inFlight.join().ok();
    boolean graceful = answered && stopped.exitCode() == 0 && stopped.took().compareTo(grace) < 0;
    return new Observation(
        graceful, "the request in flight was " + (answered ? "answered, " : "lost, ") + took);
  }

  private Trusting observeTrusting(List<TrustStore> stores) {
    try (Container container = runner.create(spec -> spec)) {
      List<String> changed = change(container, stores, this::withAuthority);
      Service service = Service.start(probe, container, port);
      Service.Fetch first = service.fetch(Server.GOOD);
      Map<Server, Observation> wrong = new EnumMap<>(Server.class);
      for (Server server : List.of(Server.UNTRUSTED, Server.EXPIRED, Server.WRONG_HOST)) {
        Service.Fetch fetch = service.fetch(server);
        wrong.put(
            server,
            fetch.accepted()
                ? Observation.fails("accepts a certificate that is " + server.flaw())
                : Observation.works(fetch.reply().error()));
      }
      Observation seen =
          first.accepted()
              ? Observation.works("verifies with the roots in " + String.join(", ", changed))
              : Observation.fails(
                  (changed.isEmpty() ? "no trust store: " : "") + first.reply().error());
      return new Trusting(service.firstAnswer(), seen, wrong);
    }
  }

  private Observation observeRootless() {
    try (Container container = runner.create(spec -> spec)) {
      X509Certificate other = LabAuthority.create().certificate();
      // Not an empty store: some runtimes do not even start with one.
      change(container, stores(), store -> Optional.of(TrustStores.only(store, other)));
      Service.Fetch fetch = Service.start(probe, container, port).fetch(Server.GOOD);
      return fetch.accepted()
          ? Observation.fails(
              "it accepts the server even with none but another authority in every trust store")
          : Observation.works(fetch.reply().error());
    }
  }

  private Optional<TrustStore> findStoreInUse() {
    if (!trusting().firstServer().works()) {
      return Optional.empty();
    }
    List<TrustStore> stores = stores();
    if (stores.size() == 1) {
      return Optional.of(stores.get(0));
    }
    return stores.stream()
        .filter(store -> observeTrusting(List.of(store)).firstServer().works())
        .findFirst();
  }

  private List<TrustStore> stores() {
    return image.trustStores().stream().limit(MOST_STORES).toList();
  }

  private Optional<byte[]> withAuthority(byte[] store) {
    try {
      return Optional.of(TrustStores.plus(store, probe.authority().certificate()));
    } catch (CertificateException e) {
      // A store that nothing can read is one that adds nothing.
      return Optional.empty();
    }
  }

  private List<String> change(
      Container container, List<TrustStore> stores, Function<byte[], Optional<byte[]>> change) {
    List<String> paths = new ArrayList<>();
    TarBytes tar = new TarBytes();
    for (TrustStore store : stores) {
      Optional<byte[]> content = change.apply(store.content());
      // On another base a store of the image's own base is not there, and shall not be.
      if (content.isPresent() && there(container, store.path())) {
        // Whoever could not read it before cannot read it now.
        FileEntry file = image.files().get(store.path()).orElseThrow();
        tar.ownedBy(file.uid(), file.gid()).file(file.path(), file.mode(), content.get());
        paths.add(store.path());
      }
    }
    if (!paths.isEmpty()) {
      container.copyIn("/", new ByteArrayInputStream(tar.bytes()));
    }
    return paths;
  }

  /** An engine starts a program of its own to say so, and is spared it where there is no doubt. */
  private boolean there(Container container, String path) {
    if (!elsewhere) {
      return true;
    }
    try (InputStream file = container.copyOut(path)) {
      return true;
    } catch (EnvironmentException | IOException e) {
      return false;
    }
  }

  private LockedDown observeLockedDown() {
    try (Container container = runner.create(spec -> spec.readOnly().unprivileged())) {
      Service service = Service.start(probe, container, port);
      List<ProcessState> processes = probe.processes(container);
      boolean locked =
          !processes.isEmpty()
              && processes.stream()
                  .allMatch(p -> p.bounding().equals(BigInteger.ZERO) && p.noNewPrivileges());
      return new LockedDown(
          Optional.of(service.firstAnswer()),
          new Observation(locked, "answers as user id " + uids(processes) + ", CapBnd 0"));
    } catch (NoAnswerException e) {
      return new LockedDown(Optional.empty(), Observation.fails(e.getMessage()));
    }
  }

  private static String uids(List<ProcessState> processes) {
    return String.join(
        ", ", processes.stream().map(p -> p.uids().get(0).toString()).distinct().toList());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while observing.", e);
    }
  }
}
