package org.imagediet.probe.inside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who listens on our loopback, by the kernel's own list, see proc(5) on {@code /proc/net/tcp}. */
final class Listeners {

  private static final String LISTEN = "0A";
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int OWNER = 7;

  private Listeners() {}

  /** Returns each listener's port and the user id of who opened it, such as {@code 8080 65532}. */
  static List<String> now() throws IOException {
    List<String> listeners = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      if (Files.exists(Path.of(table))) {
        listeners.addAll(parse(Files.readString(Path.of(table))));
      }
    }
    return listeners;
  }

  static List<String> parse(String table) {
    List<String> listeners = new ArrayList<>();
    for (String line : table.split("\n")) {
      String[] words = line.strip().split("\\s+");
      if (words.length > OWNER && words[STATE].equals(LISTEN)) {
        String address = words[LOCAL_ADDRESS];
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
        listeners.add(port + " " + words[OWNER]);
      }
    }
    return listeners;
  }
}
