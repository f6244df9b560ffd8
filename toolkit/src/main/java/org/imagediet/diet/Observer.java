package org.imagediet.diet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.TrustStore;
import org.imagediet.probe.Answer;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;
import org.imagediet.probe.ProcessState;
import org.imagediet.probe.Server;
import org.imagediet.probe.TrustStores;
import org.imagediet.probe.Visit;

/**
 * Runs an image three times beside a probe and writes down what it does: as it is, with the lab's
 * authority added to the trust store it carries, and read-only without capabilities.
 */
final class Observer {

  private static final int PORT = 8080;
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Odd offsets, which no guess gets right. */
  private static final List<String> ZONES =
      List.of("Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "Australia/Eucla");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SecureRandom random = new SecureRandom();
  private final Probe probe;
  private final String name;
  private final ContainerImage image;
  private final List<Duration> starts = new ArrayList<>();

  /** Whether the image as it is talks to a server whose authority it cannot know. */
  private boolean trustsStrangers;

  private final Map<Tradeoff, Observation> seen = new EnumMap<>(Tradeoff.class);

  Observer(Probe probe, String name, ContainerImage image) {
    this.probe = probe;
    this.name = name;
    this.image = image;
  }

  /**
   * Runs the image.
   *
   * @throws NoAnswerException when the service does not come up
   */
  Behaviour observe() {
    int uid = observeAsItIs();
    observeTls();
    observeLockedDown();
    return new Behaviour(uid, Behaviour.median(starts), Map.copyOf(seen));
  }

  private int observeAsItIs() {
    try (Container container = probe.create(ContainerSpec.image(name))) {
      started(container);
      int uid = uid(probe.processes(container));
      seen.put(Tradeoff.TIME_ZONES, timeZone());
      seen.put(Tradeoff.TEMP_FILES, temporaryFile());
      seen.put(Tradeoff.USER_NAMES, userName());
      seen.put(Tradeoff.DNS, nameLookup());
      seen.put(Tradeoff.SHELL, shell(container));
      seen.put(Tradeoff.GRACEFUL_STOP, gracefulStop(container));
      return uid;
    }
  }

  private void started(Container container) {
    Instant asked = Instant.now();
    Optional<String> problem = container.start();
    if (problem.isEmpty()) {
      problem = probe.awaitOk(PORT, "/healthz", START);
    }
    if (problem.isPresent()) {
      String log = container.log().strip();
      throw new NoAnswerException(
          "%s does not answer on port %d: %s%s"
              .formatted(name, PORT, problem.get(), log.isEmpty() ? "" : "; it wrote: " + log));
    }
    starts.add(Duration.between(asked, Instant.now()));
  }

  private static int uid(List<ProcessState> processes) {
    if (processes.isEmpty()) {
      throw new NoAnswerException("it has no process");
    }
    return processes.stream().anyMatch(ProcessState::root) ? 0 : processes.get(0).uids().get(0);
  }

  private Observation timeZone() {
    String zone = ZONES.get(random.nextInt(ZONES.size()));
    Answer answer = ask("GET", "/time?tz=" + encoded(zone));
    String time = json(answer).path("time").asText();
    if (answer.status() != 200) {
      return Observation.fails(error(answer));
    }
    try {
      OffsetDateTime told = OffsetDateTime.parse(time);
      boolean right =
          told.getOffset().equals(ZoneId.of(zone).getRules().getOffset(told.toInstant()))
              && Duration.between(told.toInstant(), Instant.now()).abs().toMinutes() < 5;
      return new Observation(right, "in " + zone + " it is " + time);
    } catch (DateTimeException e) {
      return Observation.fails("no time: " + time);
    }
  }

  private Observation temporaryFile() {
    Answer answer = ask("POST", "/tmp");
    return answer.status() == 200
        ? Observation.works("wrote and deleted " + json(answer).path("path").asText())
        : Observation.fails(error(answer));
  }

  private Observation userName() {
    JsonNode about = json(ask("GET", "/"));
    String user = about.path("user").asText("");
    String uid = about.path("uid").asText();
    return user.isEmpty() || about.path("user").isNull()
        ? Observation.fails("no name for user id " + uid)
        : Observation.works("user id " + uid + " is " + user);
  }

  private Observation nameLookup() {
    probe.namesAsked();
    probe.visits(Server.GOOD);
    String url = probe.url(Server.GOOD);
    Answer answer = ask("GET", "/fetch?url=" + encoded(url));
    List<String> asked = probe.namesAsked();
    List<Visit> visits = probe.visits(Server.GOOD);
    trustsStrangers = visits.stream().anyMatch(visit -> visit.request().isPresent());
    return !visits.isEmpty() && asked.stream().anyMatch(url::contains)
        ? Observation.works("asked the name server and connected")
        : Observation.fails(error(answer));
  }

  private Observation shell(Container container) {
    List<String> programs = new ArrayList<>(List.of("sh"));
    image.shells().forEach(shell -> programs.add(shell.path()));
    String failure = "";
    for (String program : programs) {
      int a = 100 + random.nextInt(900);
      int b = 100 + random.nextInt(900);
      Container.Executed executed =
          container.execute(List.of(program, "-c", "echo $((" + a + "*" + b + "))"), ANSWER);
      if (executed.output().strip().equals(Integer.toString(a * b))) {
        return Observation.works(program + " -c works inside the running container");
      }
      failure = failure.isEmpty() ? executed.output().strip() : failure;
    }
    return Observation.fails(failure);
  }

  private Observation gracefulStop(Container container) {
    CompletableFuture<Answer> inFlight =
        CompletableFuture.supplyAsync(() -> ask("GET", "/slow?ms=700"));
    sleep(Duration.ofMillis(250));
    Container.Stopped stopped = container.stop(GRACE);
    String took =
        "exit code %d after %d ms".formatted(stopped.exitCode(), stopped.took().toMillis());
    try {
      boolean answered = inFlight.join().status() == 200;
      boolean graceful = answered && stopped.exitCode() == 0 && stopped.took().compareTo(GRACE) < 0;
      return new Observation(graceful, "the request in flight was answered, " + took);
    } catch (CompletionException e) {
      return Observation.fails("the request in flight was lost, " + took);
    }
  }

  /**
   * A server of the lab's authority must be refused by the image as it is and accepted once that
   * authority is in the trust store the image carries; only then does it both reach and verify.
   */
  private void observeTls() {
    if (trustsStrangers) {
      seen.put(Tradeoff.TLS, Observation.fails("accepts a server of an unknown authority"));
    }
    try (Container container = probe.create(ContainerSpec.image(name))) {
      List<String> stores = addAuthority(container);
      started(container);
      if (trustsStrangers) {
        return;
      }
      Optional<Visit> trusted = visit(Server.GOOD);
      if (trusted.isEmpty()) {
        Answer answer = ask("GET", "/fetch?url=" + encoded(probe.url(Server.GOOD)));
        seen.put(
            Tradeoff.TLS,
            Observation.fails(
                stores.isEmpty() ? "no trust store: " + error(answer) : error(answer)));
        return;
      }
      for (Server wrong : List.of(Server.EXPIRED, Server.WRONG_HOST, Server.UNTRUSTED)) {
        if (visit(wrong).isPresent()) {
          seen.put(Tradeoff.TLS, Observation.fails("accepts a certificate that is " + wrong));
          return;
        }
      }
      seen.put(
          Tradeoff.TLS,
          Observation.works("verifies with the roots in " + String.join(", ", stores)));
    }
  }

  private List<String> addAuthority(Container container) {
    List<String> paths = new ArrayList<>();
    for (TrustStore store : image.trustStores()) {
      try {
        byte[] more = TrustStores.plus(store.content(), probe.authority().certificate());
        int slash = store.path().lastIndexOf('/');
        container.copyIn(
            slash == 0 ? "/" : store.path().substring(0, slash),
            oneFile(store.path().substring(slash + 1), more));
        paths.add(store.path());
      } catch (CertificateException e) {
        // A store that nothing can read is one that adds nothing.
      }
    }
    return paths;
  }

  private static ByteArrayInputStream oneFile(String fileName, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry entry = new TarArchiveEntry(fileName);
      entry.setSize(content.length);
      entry.setMode(0444);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  /** Has the service fetch from a server, and returns the request that server saw. */
  private Optional<Visit> visit(Server server) {
    String url = probe.url(server);
    ask("GET", "/fetch?url=" + encoded(url));
    return probe.visits(server).stream()
        .filter(visit -> visit.request().filter(url::endsWith).isPresent())
        .findFirst();
  }

  private void observeLockedDown() {
    try (Container container = probe.create(ContainerSpec.image(name).readOnly().unprivileged())) {
      started(container);
      List<ProcessState> processes = probe.processes(container);
      boolean locked =
          processes.stream()
              .allMatch(p -> p.bounding().equals(BigInteger.ZERO) && p.noNewPrivileges());
      seen.put(
          Tradeoff.LOCKED_DOWN,
          new Observation(locked, "answers as user id " + uid(processes) + ", CapBnd 0"));
    } catch (NoAnswerException e) {
      seen.put(Tradeoff.LOCKED_DOWN, Observation.fails(e.getMessage()));
    }
  }

  private Answer ask(String method, String path) {
    return probe.ask(PORT, method, path, ANSWER);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String error(Answer answer) {
    String error = json(answer).path("error").asText("");
    return error.isEmpty() ? "status " + answer.status() : error;
  }

  private static JsonNode json(Answer answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while measuring.", e);
    }
  }
}
