package org.imagediet.probe.inside;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints what a process may reach and use: its mounts, {@code mounts BASE64}, and the limits in its
 * control groups, {@code FILE BASE64}.
 */
final class Confinement {

  private static final int MOUNTS_BYTES = 512 << 10;
  private static final int LIMIT_BYTES = 100;

  /** Those of both versions of control groups. */
  private static final List<String> LIMITS =
      List.of(
          "memory.max",
          "pids.max",
          "cpu.max",
          "memory.limit_in_bytes",
          "cpu.cfs_quota_us",
          "cpu.cfs_period_us");

  private Confinement() {}

  static void print(PrintStream out, long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    out.println("mounts " + encoded(head(process.resolve("mountinfo"), MOUNTS_BYTES)));
    String groups =
        new String(head(process.resolve("cgroup"), MOUNTS_BYTES), StandardCharsets.UTF_8);
    limits(groups, Path.of("/sys/fs/cgroup"))
        .forEach((file, value) -> out.println(file + " " + encoded(value)));
  }

  /**
   * Reads the limits of a process.
   *
   * @param groups its {@code /proc/PID/cgroup}, see cgroups(7)
   * @param root where the hierarchies are mounted
   * @return the contents by file name; what cannot be read is not there
   */
  static Map<String, byte[]> limits(String groups, Path root) {
    Map<String, byte[]> limits = new TreeMap<>();
    for (String line : groups.split("\n")) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3) {
        for (Path folder : folders(root, fields[1], fields[2])) {
          read(folder, limits);
        }
      }
    }
    return limits;
  }

  /** Where a group may be, the likeliest place first. */
  private static List<Path> folders(Path root, String controllers, String group) {
    List<Path> mounts = new ArrayList<>(List.of(root.resolve(controllers)));
    for (String controller : controllers.split(",")) {
      mounts.add(root.resolve(controller));
    }
    List<Path> folders = new ArrayList<>();
    // An engine that is itself in a container may show a path that begins outside of it.
    for (String path = group.substring(1);
        !path.isEmpty();
        path = path.replaceFirst("^[^/]*/?", "")) {
      for (Path mount : mounts) {
        folders.add(mount.resolve(path));
      }
    }
    return folders;
  }

  private static void read(Path folder, Map<String, byte[]> limits) {
    for (String file : LIMITS) {
      if (!limits.containsKey(file)) {
        try {
          limits.put(file, head(folder.resolve(file), LIMIT_BYTES));
        } catch (IOException e) {
          // Another version's file, or another controller's.
        }
      }
    }
  }

  private static byte[] head(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(most);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
