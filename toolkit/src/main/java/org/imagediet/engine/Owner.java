package org.imagediet.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;

/**
 * The process a container or an image belongs to, written on it, so that a later run can tell what
 * a killed one left behind from what a living one is using.
 */
record Owner(String host, long process, long startedAtMillis) {

  static final String LABEL = "org.imagediet.owner";

  static Owner self() {
    return of(ProcessHandle.current());
  }

  private static Owner of(ProcessHandle process) {
    return new Owner(
        hostName(),
        process.pid(),
        process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
  }

  static Optional<Owner> parse(String label) {
    String[] parts = label.split("/", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Owner(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  String label() {
    return host + "/" + process + "/" + startedAtMillis;
  }

  /** Whether it ran on this machine and has ended; another machine's process cannot be judged. */
  boolean ended() {
    return host.equals(hostName())
        && ProcessHandle.of(process).filter(ProcessHandle::isAlive).map(Owner::of).stream()
            .noneMatch(this::equals);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
