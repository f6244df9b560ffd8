package org.imagediet.engine;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks at what is left of this machine while something untrusted runs on its engine, and tells
 * when too much has gone. No builder bounds the disk, the memory or the processes of a {@code RUN},
 * and few storage drivers the disk of a container.
 *
 * <p>Of an engine on another machine, or in a virtual one, nothing is seen and nothing is told.
 */
final class MachineWatch {

  private record Reading(OptionalLong freeDisk, OptionalLong freeMemory, OptionalLong processes) {}

  private final Optional<FileStore> storage;
  private final MachineLimits limits;
  private final Reading before;
  private Optional<String> exceeded = Optional.empty();

  private MachineWatch(Optional<FileStore> storage, MachineLimits limits) {
    this.storage = storage;
    this.limits = limits;
    before = read();
  }

  /** Begins to look. */
  static MachineWatch start(Engine engine, MachineLimits limits) {
    return new MachineWatch(engine.localStorage().flatMap(MachineWatch::store), limits);
  }

  private static Optional<FileStore> store(Path folder) {
    try {
      return Optional.of(Files.getFileStore(folder));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Looks again, and returns whether all is still well. */
  boolean wellNow() {
    if (exceeded.isEmpty()) {
      Reading now = read();
      exceeded =
          gone(before.freeDisk(), now.freeDisk(), limits.diskBytes())
              .map(bytes -> "%d MB of the engine's disk were used up".formatted(bytes / 1_000_000))
              .or(
                  () ->
                      gone(before.freeMemory(), now.freeMemory(), limits.memoryBytes())
                          .map(
                              bytes ->
                                  "%d MB of the machine's memory were used up"
                                      .formatted(bytes / 1_000_000)))
              .or(
                  () ->
                      added(before.processes(), now.processes())
                          .map("%d processes were started"::formatted));
    }
    return exceeded.isEmpty();
  }

  /** Returns what has gone, as the end of a sentence that says while what. */
  Optional<String> exceeded() {
    return exceeded;
  }

  private static Optional<Long> gone(OptionalLong before, OptionalLong now, long most) {
    if (before.isEmpty() || now.isEmpty()) {
      return Optional.empty();
    }
    long free = before.getAsLong();
    long gone = free - now.getAsLong();
    return gone > Math.min(most, free / 10 * 9) ? Optional.of(gone) : Optional.empty();
  }

  private Optional<Long> added(OptionalLong before, OptionalLong now) {
    if (before.isEmpty() || now.isEmpty()) {
      return Optional.empty();
    }
    long added = now.getAsLong() - before.getAsLong();
    return added > limits.processes() ? Optional.of(added) : Optional.empty();
  }

  private Reading read() {
    if (storage.isEmpty()) {
      return new Reading(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }
    return new Reading(freeDisk(storage.get()), freeMemory(), processes());
  }

  private static OptionalLong freeDisk(FileStore storage) {
    try {
      return OptionalLong.of(storage.getUsableSpace());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong freeMemory() {
    // MemAvailable:   21123456 kB
    return lines("/proc/meminfo").stream()
        .filter(line -> line.startsWith("MemAvailable:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst();
  }

  private static OptionalLong processes() {
    // 0.20 0.18 0.12 1/80 11206
    return lines("/proc/loadavg").stream()
        .mapToLong(line -> Long.parseLong(line.split("[ /]")[4]))
        .findFirst();
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      // Not on Linux.
      return List.of();
    }
  }
}
