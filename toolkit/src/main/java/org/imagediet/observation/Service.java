package org.imagediet.observation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
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

  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Probe probe;
  private final int port;
  private final Duration firstAnswer;

  private Service(Probe probe, int port, Duration firstAnswer) {
    this.probe = probe;
    this.port = port;
    this.firstAnswer = firstAnswer;
  }

  /**
   * Starts a container and waits for its first healthy answer.
   *
   * @throws NoAnswerException with what it wrote, when none comes
   */
  public static Service start(Probe probe, Container container, int port) {
    Instant asked = Instant.now();
    Optional<String> problem = container.start();
    if (problem.isEmpty()) {
      problem = probe.awaitOk(port, "/healthz", START);
    }
    if (problem.isPresent()) {
      String log = container.log().strip();
      throw new NoAnswerException(
          "it does not answer on port %d: %s%s"
              .formatted(port, problem.get(), log.isEmpty() ? "" : "; it wrote: " + log));
    }
    return new Service(probe, port, Duration.between(asked, Instant.now()));
  }

  /** Returns the time from the request to start the container to the first healthy answer. */
  public Duration firstAnswer() {
    return firstAnswer;
  }

  /** Asks once; the answer may be that there was none. */
  public Reply ask(String method, String path) {
    try {
      return new Reply(Optional.of(probe.ask(port, method, path, ANSWER)), "");
    } catch (NoAnswerException e) {
      return new Reply(Optional.empty(), "no answer: " + e.getMessage());
    }
  }

  /** Has the service fetch from a server; the server says whether it came, not the service. */
  Fetch fetch(Server server) {
    probe.namesAsked();
    probe.visits(server);
    String url = probe.url(server);
    Reply reply = ask("GET", "/fetch?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8));
    List<String> asked = probe.namesAsked();
    List<Visit> visits = probe.visits(server);
    return new Fetch(
        visits.stream().anyMatch(visit -> visit.request().filter(url::endsWith).isPresent()),
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
