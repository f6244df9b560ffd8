package org.imagediet.observation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.imagediet.engine.Container;
import org.imagediet.probe.Answer;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;
import org.imagediet.probe.Server;
import org.imagediet.probe.Visit;

/** A service that runs beside the probe and has answered once. */
public final class Service {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Probe probe;
  private final Container container;
  private final int port;
  private final Duration firstAnswer;
  private final Patience patience;
  private Duration left;

  private Service(
      Probe probe, Container container, int port, Duration firstAnswer, Patience patience) {
    this.probe = probe;
    this.container = container;
    this.port = port;
    this.firstAnswer = firstAnswer;
    this.patience = patience;
    left = patience.answers();
  }

  /**
   * How long a service is waited for.
   *
   * @param start for its first healthy answer
   * @param answer for each answer
   * @param answers for all answers of one run together, so that slow ones do not add up
   */
  record Patience(Duration start, Duration answer, Duration answers) {
    static final Patience USUAL =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(60));
  }

  /**
   * Starts a container and waits for its first healthy answer.
   *
   * @throws NoAnswerException with what it wrote, when none comes
   */
  public static Service start(Probe probe, Container container, int port) {
    return start(probe, container, port, Patience.USUAL);
  }

  static Service start(Probe probe, Container container, int port, Patience patience) {
    Instant asked = Instant.now();
    Optional<String> problem = container.start();
    if (problem.isEmpty()) {
      problem = probe.awaitOk(container, port, "/healthz", patience.start());
    }
    if (problem.isPresent()) {
      String log = container.log().strip();
      throw new NoAnswerException(
          "it does not answer on port %d: %s%s"
              .formatted(port, problem.get(), log.isEmpty() ? "" : "; it wrote: " + log));
    }
    return new Service(probe, container, port, Duration.between(asked, Instant.now()), patience);
  }

  /** Returns the time from the request to start the container to the first healthy answer. */
  public Duration firstAnswer() {
    return firstAnswer;
  }

  /** Asks once; the answer may be that there was none. */
  public synchronized Reply ask(String method, String path) {
    if (left.isNegative()) {
      return new Reply(
          Optional.empty(),
          "no answer: all its answers together took longer than %d s"
              .formatted(patience.answers().toSeconds()));
    }
    Instant asked = Instant.now();
    try {
      return new Reply(Optional.of(probe.ask(port, method, path, patience.answer())), "");
    } catch (NoAnswerException e) {
      return new Reply(Optional.empty(), "no answer: " + container.ended().orElse(e.getMessage()));
    } finally {
      left = left.minus(Duration.between(asked, Instant.now()));
    }
  }

  /** Has the service fetch from a server; the server says whether it came, not the service. */
  Fetch fetch(Server server) {
    probe.forget();
    String url = probe.url(server);
    String path = URI.create(url).getPath();
    Reply reply = ask("GET", "/fetch?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8));
    List<String> asked = probe.namesAsked();
    List<Visit> visits = probe.visits(server);
    return new Fetch(
        visits.stream().anyMatch(visit -> visit.request().filter(path::equals).isPresent()),
        !visits.isEmpty() && asked.stream().anyMatch(url::contains),
        reply);
  }

  /**
   * A request that the service was asked to make.
   *
   * @param accepted whether it trusted the server enough to send its request
   * @param found whether it looked the server's name up and connected
   */
  record Fetch(boolean accepted, boolean found, Reply reply) {}

  /** An answer of the service, or why there is none. */
  public record Reply(Optional<Answer> answer, String problem) {

    /** Returns whether there is one and its status is 200. */
    public boolean ok() {
      return answer.filter(a -> a.status() == 200).isPresent();
    }

    /** Returns its body; a missing node when that is no JSON. */
    public JsonNode json() {
      try {
        return answer.isEmpty() ? MissingNode.getInstance() : JSON.readTree(answer.get().body());
      } catch (JsonProcessingException e) {
        return MissingNode.getInstance();
      }
    }

    /** Returns what the service says is wrong, in its own words. */
    public String error() {
      String error = json().path("error").asText("");
      return !error.isEmpty() ? error : answer.map(a -> "status " + a.status()).orElse(problem);
    }
  }
}
