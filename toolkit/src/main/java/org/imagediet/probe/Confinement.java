package org.imagediet.probe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.imagediet.engine.ResourceLimits;

/**
 * How a running container is confined, by the kernel's word.
 *
 * @param processes all its processes
 * @param mounts the first process's; another process could have others only with a capability that
 *     no container of ours gets
 * @param limits of its control group; empty when that cannot be read from here
 */
public record Confinement(
    List<ProcessState> processes, List<Mount> mounts, Optional<ResourceLimits> limits) {

  private static final long NANOS = 1_000_000_000L;

  /** Reads what the program inside prints: lines of a word and its text in base64. */
  static Confinement parse(List<String> lines) {
    List<ProcessState> processes = new ArrayList<>();
    Map<String, String> texts = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      String text =
          words.length < 2
              ? ""
              : new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8);
      if (words[0].matches("\\d+")) {
        processes.add(ProcessState.parse(Integer.parseInt(words[0]), text));
      } else {
        texts.put(words[0], text.strip());
      }
    }
    return new Confinement(
        List.copyOf(processes),
        texts
            .getOrDefault("mounts", "")
            .lines()
            .flatMap(line -> Mount.parse(line).stream())
            .toList(),
        limits(texts));
  }

  /** Returns the mount that is seen at a path, the last of several on top of each other. */
  public Optional<Mount> mount(String path) {
    return mounts.stream().filter(mount -> mount.path().equals(path)).reduce((a, b) -> b);
  }

  /** Reads the files of either version of control groups. */
  private static Optional<ResourceLimits> limits(Map<String, String> files) {
    Optional<String> memory = first(files, "memory.max", "memory.limit_in_bytes");
    Optional<String> processes = first(files, "pids.max");
    Optional<String> cpu =
        first(files, "cpu.max")
            .or(
                () ->
                    first(files, "cpu.cfs_quota_us")
                        .map(quota -> quota + " " + files.getOrDefault("cpu.cfs_period_us", "")));
    if (memory.isEmpty() || processes.isEmpty() || cpu.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ResourceLimits(number(memory.get()), number(processes.get()), nanoCpus(cpu.get())));
  }

  private static Optional<String> first(Map<String, String> files, String... names) {
    for (String name : names) {
      if (files.containsKey(name)) {
        return Optional.of(files.get(name));
      }
    }
    return Optional.empty();
  }

  /** No limit is {@code max}, -1, or a number of 19 digits. */
  private static OptionalLong number(String text) {
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  /** A quota and a period in microseconds; {@code max} or -1 for no quota. */
  private static OptionalLong nanoCpus(String text) {
    String[] words = text.split(" ");
    OptionalLong quota = number(words[0]);
    OptionalLong period = words.length < 2 ? OptionalLong.empty() : number(words[1]);
    return quota.isEmpty() || period.isEmpty() || period.getAsLong() == 0
        ? OptionalLong.empty()
        : OptionalLong.of(quota.getAsLong() * NANOS / period.getAsLong());
  }
}
