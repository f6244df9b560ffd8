package org.imagediet.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.archive.Sha256;

/** BuildKit, driven through a docker command line. */
final class BuildKit implements ImageBuilder {

  /** A step's title, {@code #7 [build 2/3] RUN …}, or a line it printed, {@code #7 0.123 …}. */
  private static final Pattern SAID = Pattern.compile("#\\d+ (\\[.*|\\d+\\.\\d+ .*)");

  private static final Pattern MAJOR = Pattern.compile("(\\d+)\\..*");

  private final String program;
  private final Engine engine;

  private BuildKit(String program, Engine engine) {
    this.program = program;
    this.engine = engine;
  }

  /** Returns a builder if this command line can drive BuildKit. */
  static Optional<ImageBuilder> of(String program, Engine engine) {
    Duration moment = Duration.ofSeconds(10);
    boolean plugin = Command.of(program, "buildx", "version").run(moment).succeeded();
    if (!plugin) {
      // Before 23 BuildKit was built in; from then on it is the plug-in that was just missing.
      String version =
          Command.of(program, "version", "--format", "{{.Client.Version}}")
              .environment("DOCKER_HOST", engine.address().toString())
              .run(moment)
              .lastLine();
      Matcher major = MAJOR.matcher(version);
      if (!major.matches() || Integer.parseInt(major.group(1)) >= 23) {
        return Optional.empty();
      }
    }
    return Optional.of(new BuildKit(program, engine));
  }

  @Override
  public String description() {
    return "BuildKit";
  }

  @Override
  public boolean takesSecrets() {
    return true;
  }

  @Override
  public BuildResult build(BuildRequest request, Consumer<String> line) {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of(program, "build", "--progress=plain", "--tag", request.tag()));
    argv.addAll(List.of("--file", request.context().resolve(request.dockerfile()).toString()));
    request.target().ifPresent(stage -> argv.addAll(List.of("--target", stage)));
    request.arguments().forEach((k, v) -> argv.addAll(List.of("--build-arg", k + "=" + v)));
    request
        .cacheNamespace()
        .ifPresent(ns -> argv.addAll(List.of("--build-arg", "BUILDKIT_CACHE_MOUNT_NS=" + ns)));
    request
        .secrets()
        .forEach((id, file) -> argv.addAll(List.of("--secret", "id=" + id + ",src=" + file)));
    nameOf(new TreeMap<>(request.secrets()).values())
        .ifPresent(name -> argv.addAll(List.of("--add-host", name + ":127.0.0.1")));
    Builders.network().ifPresent(network -> argv.addAll(List.of("--network", network)));
    argv.add(request.context().toString());
    MachineWatch watch = MachineWatch.start(engine, request.limits());
    Command.Result result =
        Command.of(argv)
            .environment("DOCKER_HOST", engine.address().toString())
            .environment("DOCKER_BUILDKIT", "1")
            // An attestation would make every image an index of two.
            .environment("BUILDX_NO_DEFAULT_ATTESTATIONS", "1")
            .onLine(text -> said(text).ifPresent(line))
            .whileTrue(watch::wellNow)
            // The build lives as long as its command line does.
            .lifeline()
            .run(request.deadline());
    return Builders.ended(
        engine,
        request,
        result.succeeded(),
        Builders.stopped(result.timedOut(), request.deadline(), watch),
        result.lastLines());
  }

  /**
   * Returns a host name that is another for other secrets, and tells nothing of them. A builder
   * does not count secrets among what a step depends on, so that it would take the result of a step
   * that saw another one; known hosts it does count.
   */
  private static Optional<String> nameOf(Collection<Path> secrets) {
    if (secrets.isEmpty()) {
      return Optional.empty();
    }
    try {
      MessageDigest digest = Sha256.begin();
      digest.update("names a build".getBytes(StandardCharsets.UTF_8));
      for (Path secret : secrets) {
        digest.update(Files.readAllBytes(secret));
      }
      return Optional.of(HexFormat.of().formatHex(digest.digest(), 0, 8) + ".invalid");
    } catch (IOException e) {
      throw new EnvironmentException("A secret cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** What a person wants to see of a line: the step and its output, not the layers' digests. */
  private static Optional<String> said(String text) {
    Matcher matcher = SAID.matcher(text);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
