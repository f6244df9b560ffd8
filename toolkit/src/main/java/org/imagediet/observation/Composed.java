package org.imagediet.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.imagediet.compose.ComposeService;
import org.imagediet.engine.Container;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.HealthCheck;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.ImageConfig;
import org.imagediet.probe.Confinement;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;

/** Runs an image as a compose file says, and writes down what the kernel and the engine see. */
public final class Composed {

  /** What engines take where nobody says anything, see the Dockerfile reference. */
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);
  private static final Duration MOST_GRACE = Duration.ofSeconds(10);

  /** Who looks less often is not waited for. */
  private static final Duration MOST_INTERVAL = Duration.ofSeconds(60);

  private static final Duration SLACK = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Probe probe;
  private final Observer.Runner runner;
  private final ContainerImage image;
  private final ComposeService service;
  private final int port;
  private final Once<AsComposed> running = Once.of(this::observe);
  private final Once<Health> health = Once.of(this::observeHealth);

  Composed(Probe probe, Observer.Runner runner, ContainerImage image, ComposeService service) {
    this.probe = probe;
    this.runner = runner;
    this.image = image;
    this.service = service;
    Map<String, String> environment = new HashMap<>(image.config().environment());
    environment.putAll(service.environment());
    port = Observer.port(environment);
  }

  /** Returns what the compose file says. */
  public ComposeService service() {
    return service;
  }

  /**
   * Returns what it does.
   *
   * @throws NoAnswerException when the service does not come up
   */
  public AsComposed running() {
    return running.get();
  }

  /**
   * Returns what its health check is worth.
   *
   * @throws NoAnswerException when the service does not come up
   */
  public Health health() {
    return health.get();
  }

  private AsComposed observe() {
    try (Container container = runner.create(service::applyTo)) {
      Service answering = Service.start(probe, container, port);
      Confinement confinement = probe.confinement(container);
      if (confinement.processes().isEmpty()) {
        throw new NoAnswerException("it answered once and has no process any more");
      }
      Duration grace = service.stopGrace().orElse(DEFAULT_GRACE);
      return new AsComposed(
          answering.firstAnswer(),
          confinement,
          confinement.limits().orElseGet(container::limits),
          Observer.temporaryFile(answering),
          Observer.gracefulStop(
              answering, container, grace.compareTo(MOST_GRACE) > 0 ? MOST_GRACE : grace));
    }
  }

  private Health observeHealth() {
    Optional<HealthCheck> written = service.healthCheck();
    Optional<ImageConfig.HealthCheck> inherited = image.config().healthCheck();
    List<String> test =
        written
            .map(HealthCheck::test)
            .filter(words -> !words.isEmpty())
            .or(() -> inherited.map(ImageConfig.HealthCheck::test))
            .orElse(List.of("NONE"));
    if (test.get(0).equals("NONE")) {
      return new Health(Health.Result.ABSENT, "there is no health check, or it is switched off");
    }
    Duration interval =
        time(
            written.flatMap(HealthCheck::interval),
            inherited.map(ImageConfig.HealthCheck::intervalNanos),
            DEFAULT_INTERVAL);
    Duration timeout =
        time(
            written.flatMap(HealthCheck::timeout),
            inherited.map(ImageConfig.HealthCheck::timeoutNanos),
            DEFAULT_TIMEOUT);
    if (interval.compareTo(MOST_INTERVAL) > 0) {
      return new Health(
          Health.Result.SELDOM, "the engine looks once in " + interval.toSeconds() + " s");
    }
    Duration patience = timeout.compareTo(DEFAULT_TIMEOUT) > 0 ? DEFAULT_TIMEOUT : timeout;
    return problemWithService(interval.plus(patience).plus(SLACK))
        .map(problem -> new Health(Health.Result.FAILS, problem))
        .orElseGet(() -> withoutService(test, patience.plus(SLACK)));
  }

  /** The first that says something; 0 says nothing, to an engine neither. */
  private static Duration time(
      Optional<Duration> written, Optional<Long> inheritedNanos, Duration byDefault) {
    return written
        .filter(time -> !time.isZero())
        .or(() -> inheritedNanos.filter(nanos -> nanos > 0).map(Duration::ofNanos))
        .orElse(byDefault);
  }

  /** Returns why the running service does not count as healthy; empty when it does. */
  private Optional<String> problemWithService(Duration patience) {
    try (Container container = runner.create(service::applyTo)) {
      Service.start(probe, container, port);
      int early = looks(container.health()).size();
      List<Container.Look> looks = List.of();
      // A look that began before the first answer may fail, and may end after it.
      for (long start = System.nanoTime();
          looks.size() <= early + 1 && System.nanoTime() - start < patience.toNanos();
          Observer.sleep(PAUSE)) {
        Optional<Container.Health> state = container.health();
        if (state.filter(seen -> seen.status().equals("healthy")).isPresent()) {
          return Optional.empty();
        }
        looks = looks(state);
      }
      if (looks.isEmpty()) {
        throw new EnvironmentException(
            "This engine made no health check within %d s, so that nothing can be said about it."
                .formatted(patience.toSeconds()));
      }
      Container.Look last = looks.get(looks.size() - 1);
      return Optional.of(
          "the service answers, and the health check does not find it healthy: exit code %d%s"
              .formatted(
                  last.exitCode(), last.output().isBlank() ? "" : ": " + last.output().strip()));
    }
  }

  private static List<Container.Look> looks(Optional<Container.Health> health) {
    return health.map(Container.Health::looks).orElse(List.of());
  }

  /** Runs the same command where the service would be, and is not. */
  private Health withoutService(List<String> test, Duration deadline) {
    List<String> argv = new ArrayList<>(test.subList(1, test.size()));
    if (test.get(0).equals("CMD-SHELL")) {
      argv.addAll(0, List.of("/bin/sh", "-c"));
    }
    try (Container container =
        runner.create(
            spec -> service.applyTo(spec).entrypoint(argv.toArray(String[]::new)).command())) {
      Optional<String> problem = container.start();
      if (problem.isPresent()) {
        return new Health(
            Health.Result.FAILS,
            "healthy, but with no service there it does not even start: " + problem.get());
      }
      OptionalInt code = container.await(deadline);
      if (code.isPresent() && code.getAsInt() == 0) {
        return new Health(
            Health.Result.BLIND, "the same command exits with 0 where no service runs at all");
      }
      return new Health(
          Health.Result.WORKS,
          "healthy with the service; without it the same command "
              + (code.isPresent() ? "exits with " + code.getAsInt() : "does not end in time"));
    }
  }
}
