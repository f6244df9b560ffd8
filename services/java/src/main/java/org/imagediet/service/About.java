package org.imagediet.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the service tells about its own process; null stands for what the system does not tell. */
final class About {

  /** On the class path: the SHA-256, in hex, of a secret that the build was handed. */
  private static final String BUILD_PROOF = "/build-proof";

  private About() {}

  static String thisProcess() {
    return of(
        read(Path.of("/proc/self/status")), read(Path.of("/etc/passwd")), resource(BUILD_PROOF));
  }

  /**
   * Returns the JSON.
   *
   * @param procStatus the text of a {@code /proc/<pid>/status}
   * @param passwd the text of a passwd file
   * @param buildProof empty when the build left none
   */
  static String of(String procStatus, String passwd, String buildProof) {
    Map<String, String> status = fields(procStatus);
    List<Integer> uids = numbers(status.get("Uid"));
    List<Integer> gids = numbers(status.get("Gid"));
    Integer uid = uids.isEmpty() ? null : uids.get(0);
    String flag = status.get("NoNewPrivs");
    return Json.object(
        "track",
        "java",
        "version",
        Service.VERSION,
        "pid",
        ProcessHandle.current().pid(),
        "uid",
        uid,
        "gid",
        gids.isEmpty() ? null : gids.get(0),
        "groups",
        numbers(status.get("Groups")),
        "user",
        userName(passwd, uid),
        "capEff",
        status.get("CapEff"),
        "noNewPrivs",
        flag == null ? null : flag.equals("1"),
        "buildProof",
        buildProof.isBlank() ? null : buildProof.strip());
  }

  /** Splits the {@code Key:\tvalue} lines of proc(5). */
  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new HashMap<>();
    text.lines()
        .filter(line -> line.contains(":"))
        .map(line -> line.split(":", 2))
        .forEach(pair -> fields.put(pair[0], pair[1].strip()));
    return fields;
  }

  private static List<Integer> numbers(String text) {
    return text == null || text.isEmpty()
        ? List.of()
        : Stream.of(text.split("\\s+")).map(Integer::valueOf).toList();
  }

  // The property user.name would say "?" for an unknown user, and believes -Duser.name.
  private static String userName(String passwd, Integer uid) {
    return passwd
        .lines()
        .map(line -> line.split(":"))
        .filter(entry -> entry.length > 2 && entry[2].equals(String.valueOf(uid)))
        .map(entry -> entry[0])
        .findFirst()
        .orElse(null);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static String resource(String name) {
    try (InputStream in = About.class.getResourceAsStream(name)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }
}
