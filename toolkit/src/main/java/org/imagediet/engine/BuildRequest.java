package org.imagediet.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One image to be built.
 *
 * @param context the build context, a folder of our own making
 * @param dockerfile the Dockerfile's name inside the context
 * @param target the stage to build; empty builds the last
 * @param tag the name the image gets
 * @param secrets build secrets by id
 * @param cacheNamespace keeps the cache mounts of one submission from another's
 */
public record BuildRequest(
    Path context,
    String dockerfile,
    Optional<String> target,
    String tag,
    Map<String, String> arguments,
    Map<String, Path> secrets,
    Optional<String> cacheNamespace,
    Duration deadline,
    MachineLimits limits) {

  /** Builds the last stage of the context's {@code Dockerfile} within ten minutes. */
  public static BuildRequest of(Path context, String tag) {
    return new BuildRequest(
        context,
        "Dockerfile",
        Optional.empty(),
        tag,
        Map.of(),
        Map.of(),
        Optional.empty(),
        Duration.ofMinutes(10),
        MachineLimits.OF_A_BUILD);
  }

  /** The same build, of another stage. */
  public BuildRequest target(String stage) {
    return new BuildRequest(
        context,
        dockerfile,
        Optional.of(stage),
        tag,
        arguments,
        secrets,
        cacheNamespace,
        deadline,
        limits);
  }

  /** The same build with one build argument more. */
  public BuildRequest argument(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(arguments);
    more.put(name, value);
    return new BuildRequest(
        context,
        dockerfile,
        target,
        tag,
        Map.copyOf(more),
        secrets,
        cacheNamespace,
        deadline,
        limits);
  }

  /** The same build within another time. */
  public BuildRequest deadline(Duration time) {
    return new BuildRequest(
        context, dockerfile, target, tag, arguments, secrets, cacheNamespace, time, limits);
  }

  /** The same build with cache mounts of its own. */
  public BuildRequest cacheNamespace(String name) {
    return new BuildRequest(
        context, dockerfile, target, tag, arguments, secrets, Optional.of(name), deadline, limits);
  }

  /** The same build with other limits. */
  public BuildRequest limits(MachineLimits most) {
    return new BuildRequest(
        context, dockerfile, target, tag, arguments, secrets, cacheNamespace, deadline, most);
  }

  /** The same build with one secret more, which builders without BuildKit leave out. */
  public BuildRequest secret(String id, Path file) {
    Map<String, Path> more = new LinkedHashMap<>(secrets);
    more.put(id, file);
    return new BuildRequest(
        context,
        dockerfile,
        target,
        tag,
        arguments,
        Map.copyOf(more),
        cacheNamespace,
        deadline,
        limits);
  }
}
