package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.imagediet.EngineUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Isolated("builds are ended for what the whole machine uses up")
class HostileBuildIT {

  private static final String BUSYBOX = "gcr.io/distroless/static-debian13:debug";
  private static final MachineLimits SMALL = new MachineLimits(300_000_000, 400_000_000, 300);
  private static final Duration LONG = Duration.ofMinutes(1);

  private static Engine engine;

  /** A number that no other process on this machine has among its arguments. */
  private final String mark = "3" + ThreadLocalRandom.current().nextInt(10_000_000, 99_999_999);

  @TempDir private Path context;

  @BeforeAll
  static void connect() {
    engine = EngineUnderTest.withBases(BUSYBOX);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  static Stream<ImageBuilder> builders() {
    return Stream.of(ImageBuilder.choose(engine), new ClassicBuilder(engine));
  }

  private BuildRequest request(String... instructions) throws IOException {
    Files.writeString(
        context.resolve("Dockerfile"),
        String.join("\n", "FROM " + BUSYBOX, "SHELL [\"/busybox/sh\", \"-c\"]", "WORKDIR /w")
            + "\n"
            + String.join("\n", instructions)
            + "\n");
    return BuildRequest.of(context, engine.temporaryName("hostile")).deadline(LONG);
  }

  private BuildResult build(ImageBuilder builder, BuildRequest request) {
    BuildResult result = builder.build(request, line -> {});
    engine.untag(request.tag());
    return result;
  }

  /** What of the build still runs, on this machine or in the engine. */
  private List<String> running() {
    Stream<String> processes =
        ProcessHandle.allProcesses()
            .map(ProcessHandle::info)
            .map(info -> Arrays.toString(info.arguments().orElse(new String[0])));
    Stream<String> containers =
        ((DockerEngine) engine)
            .client().listContainersCmd().withShowAll(true).exec().stream()
                .map(container -> container.getCommand());
    return Stream.concat(processes, containers).filter(text -> text.contains(mark)).toList();
  }

  private void assertNothingRuns() {
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!running().isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(running()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("builders")
  @DisplayName("a step without an end is ended at the deadline, with its processes and containers")
  void endless(ImageBuilder builder) throws IOException {
    long before = System.nanoTime();
    BuildResult result =
        build(builder, request("RUN sleep " + mark).deadline(Duration.ofSeconds(6)));
    assertThat(result.succeeded()).isFalse();
    assertThat(result.stopped()).as("%s", result).contains("it did not end within 6 s");
    assertThat(String.join("\n", result.lastLines())).contains("RUN sleep " + mark);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
    assertNothingRuns();
  }

  @ParameterizedTest
  @MethodSource("builders")
  @DisplayName("of a step that never stops printing, in lines or in one line, little is kept")
  void floods(ImageBuilder builder) throws IOException {
    BuildRequest request =
        request(
                "RUN (yes "
                    + mark
                    + " & yes "
                    + mark
                    + " | tr -d '\\n') | head -c 300000000; exit 3")
            .deadline(Duration.ofSeconds(20));
    BuildResult result = build(builder, request);
    assertThat(result.succeeded()).isFalse();
    assertThat(String.join("\n", result.lastLines())).contains(mark);
    assertThat(result.lastLines()).hasSizeLessThanOrEqualTo(61);
    assertThat(result.lastLines()).allMatch(line -> line.length() <= 2000);
    assertNothingRuns();
  }

  @ParameterizedTest
  @MethodSource("builders")
  @DisplayName("a step that fills the disk is ended")
  void disk(ImageBuilder builder) throws IOException {
    assumeTrue(engine.localStorage().isPresent(), "the engine's disk is not this machine's");
    // Bounded by itself too, should the test fail.
    BuildResult result =
        build(
            builder,
            request("RUN dd if=/dev/zero of=/w/full bs=1M count=3000; sleep " + mark)
                .limits(SMALL));
    assertThat(result.stopped())
        .hasValueSatisfying(why -> assertThat(why).endsWith("of the engine's disk were used up"));
    assertNothingRuns();
  }

  @ParameterizedTest
  @MethodSource("builders")
  @DisplayName("a step that fills the memory is ended")
  void memory(ImageBuilder builder) throws IOException {
    assumeTrue(engine.localStorage().isPresent(), "the engine's memory is not this machine's");
    BuildResult result =
        build(
            builder,
            request("RUN dd if=/dev/zero of=/dev/null bs=2500M count=" + mark).limits(SMALL));
    assertThat(result.stopped())
        .hasValueSatisfying(
            why -> assertThat(why).endsWith("of the machine's memory were used up"));
    assertNothingRuns();
  }

  @ParameterizedTest
  @MethodSource("builders")
  @DisplayName("a step that starts ever more processes is ended")
  void processes(ImageBuilder builder) throws IOException {
    assumeTrue(engine.localStorage().isPresent(), "the engine's processes are not this machine's");
    BuildResult result =
        build(
            builder,
            request("RUN for i in $(seq 700); do sleep " + mark + " & done; wait").limits(SMALL));
    assertThat(result.stopped())
        .hasValueSatisfying(why -> assertThat(why).endsWith("processes were started"));
    assertNothingRuns();
  }

  @ParameterizedTest
  @MethodSource("builders")
  @DisplayName("a step that prints what builders say is not believed")
  void lies(ImageBuilder builder) throws IOException {
    assumeTrue(engine.localStorage().isPresent(), "the engine's disk is not this machine's");
    BuildResult result =
        build(
            builder,
            request(
                "RUN echo no space left on device; echo Cannot connect to the Docker daemon;"
                    + " echo Successfully built 0123456789ab; exit 3"));
    assertThat(result.succeeded()).isFalse();
    assertThat(result.stopped()).isEmpty();
    assertThat(String.join("\n", result.lastLines())).contains("Successfully built 0123456789ab");
  }

  @Test
  @DisplayName("what one submission puts into a cache mount no other one sees")
  void cacheMounts() throws IOException {
    ImageBuilder builder = ImageBuilder.choose(engine);
    assumeTrue(builder.takesSecrets(), "only BuildKit has cache mounts");
    String mount = "RUN --mount=type=cache,id=%s,target=/cache ";
    String id = "poisoned" + mark;
    BuildRequest plant =
        request(mount.formatted(id) + "echo planted >/cache/file").cacheNamespace("a" + mark);
    assertThat(build(builder, plant).succeeded()).isTrue();
    BuildRequest same =
        request(mount.formatted(id) + "test -e /cache/file").cacheNamespace("a" + mark);
    assertThat(build(builder, same).succeeded()).isTrue();
    for (String reach : List.of(id, "../a" + mark + "/" + id, "a" + mark + "/" + id)) {
      BuildRequest other =
          request(mount.formatted(reach) + "test ! -e /cache/file").cacheNamespace("b" + mark);
      assertThat(build(builder, other).succeeded()).as(reach).isTrue();
    }
  }
}
