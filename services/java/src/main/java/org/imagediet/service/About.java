package org.imagediet.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the service tells about its own process. Null stands for "cannot be told". */
final class About {

  private About() {}

  static Json self() {
    Map<String, String> status = procStatus(lines(Path.of("/proc/self/status")));
    Integer uid = first(status.get("Uid"));
    List<Integer> groups = new ArrayList<>();
    for (String group : status.getOrDefault("Groups", "").split("\\s+")) {
      if (!group.isEmpty()) {
        groups.add(Integer.parseInt(group));
      }
    }
    String flag = status.get("NoNewPrivs");
    return new Json()
        .put("track", "java")
        .put("version", Service.VERSION)
        .put("pid", ProcessHandle.current().pid())
        .put("uid", uid)
        .put("gid", first(status.get("Gid")))
        .put("groups", groups)
        .put("user", uid == null ? null : userName(lines(Path.of("/etc/passwd")), uid))
        .put("capEff", status.get("CapEff"))
        .put("noNewPrivs", flag == null ? null : flag.equals("1"));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Splits the "Key:\tvalue" lines of /proc/PID/status, see proc(5). */
  static Map<String, String> procStatus(List<String> lines) {
    Map<String, String> fields = new TreeMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  private static Integer first(String ids) {
    return ids == null ? null : Integer.valueOf(ids.split("\\s+")[0]);
  }

  /** The JDK's own user.name is "?" where the C library finds none, so the file itself is read. */
  static String userName(List<String> passwd, int uid) {
    for (String line : passwd) {
      String[] fields = line.split(":");
      if (fields.length > 2 && fields[2].equals(Integer.toString(uid))) {
        return fields[0];
      }
    }
    return null;
  }
}
