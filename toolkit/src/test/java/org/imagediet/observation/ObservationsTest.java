package org.imagediet.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.imagediet.probe.Answer;
import org.imagediet.probe.ProcessState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservationsTest {

  @Test
  @DisplayName("a sum is worked out by a shell, and its answer is not in the question")
  void sum() throws Exception {
    Sum one = Sum.random(new Random(1));
    Process shell = new ProcessBuilder("/bin/sh", "-c", "echo " + one.question()).start();

    assertThat(new String(shell.getInputStream().readAllBytes()).strip()).isEqualTo(one.answer());
    assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
    Random random = new Random(2);
    assertThat(Stream.generate(() -> Sum.random(random)).limit(1000))
        .allMatch(sum -> !sum.question().contains(sum.answer()))
        .doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("trade-offs have keys and titles of their own, in the order of the tables")
  void tradeoffs() {
    assertThat(Tradeoff.values())
        .extracting(Tradeoff::key)
        .containsExactly(
            "shell",
            "tls",
            "timeZones",
            "tempFiles",
            "userNames",
            "dns",
            "gracefulStop",
            "lockedDown");
    assertThat(Tradeoff.values()).extracting(Tradeoff::title).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"65532 65532 65532 65532, 65532", "65532 0 65532 65532, 0", "7 8 7 7, 7"})
  @DisplayName("a service with one process that could be root is root's")
  void uid(String uids, int uid) {
    assertThat(running("7 7 7 7", uids).uid()).isEqualTo(uid == 0 ? 0 : 7);
    assertThat(running(uids, "7 7 7 7").uid()).isEqualTo(uid);
  }

  private static AsItIs running(String... uids) {
    Observation any = Observation.works("");
    return new AsItIs(
        Duration.ZERO,
        Stream.of(uids).map(ObservationsTest::process).toList(),
        Set.of(8080),
        any,
        any,
        any,
        any,
        any,
        any,
        any);
  }

  private static ProcessState process(String uids) {
    List<Integer> numbers = Stream.of(uids.split(" ")).map(Integer::parseInt).toList();
    return new ProcessState(1, "app", numbers, numbers, List.of(), new TreeMap<>(), true, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"error\": \"x509: unknown\"} | x509: unknown",
        "{\"error\": \"\"}              | status 502",
        "{\"error\": {\"a\": 1}}        | status 502",
        "{\"error\"                     | status 502",
        "[\"error\"]                    | status 502",
        "''                             | status 502",
        "null                           | status 502",
        "{\"error\": null}              | status 502",
      })
  @DisplayName("a service's error is its own words, else the status")
  void error(String body, String error) {
    Service.Reply reply = new Service.Reply(Optional.of(new Answer(502, body)), "");

    assertThat(reply.ok()).isFalse();
    assertThat(reply.error()).isEqualTo(error);
  }

  @Test
  @DisplayName("a service's answer that is no JSON, or is far too deep, is no answer to a question")
  void noJson() {
    for (String body : List.of("<html>", "[".repeat(60_000), "9".repeat(60_000))) {
      Service.Reply reply = new Service.Reply(Optional.of(new Answer(200, body)), "");
      assertThat(reply.ok()).isTrue();
      assertThat(reply.json().path("time").isMissingNode()).isTrue();
    }
    Service.Reply none = new Service.Reply(Optional.empty(), "no answer: it hung up");
    assertThat(none.ok()).isFalse();
    assertThat(none.error()).isEqualTo("no answer: it hung up");
  }
}
