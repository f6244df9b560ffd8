package org.imagediet.probe;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A process as the kernel describes it in {@code /proc/PID/status}, see proc_pid_status(5).
 *
 * @param uids real, effective, saved and file system user id
 * @param gids real, effective, saved and file system group id
 * @param groups supplementary group ids
 * @param capabilities the capability sets by the kernel's names: {@code CapInh}, {@code CapPrm},
 *     {@code CapEff}, {@code CapBnd} and {@code CapAmb}
 * @param seccomp 0 off, 1 strict, 2 filter
 */
public record ProcessState(
    int pid,
    String name,
    List<Integer> uids,
    List<Integer> gids,
    List<Integer> groups,
    SortedMap<String, BigInteger> capabilities,
    boolean noNewPrivileges,
    int seccomp) {

  private static final List<String> CAPABILITY_SETS =
      List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb");

  static ProcessState parse(int pid, String status) {
    Map<String, String> fields = new TreeMap<>();
    for (String line : status.split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return new ProcessState(
        pid,
        fields.getOrDefault("Name", ""),
        numbers(fields.getOrDefault("Uid", "")),
        numbers(fields.getOrDefault("Gid", "")),
        numbers(fields.getOrDefault("Groups", "")),
        capabilities(fields),
        fields.getOrDefault("NoNewPrivs", "0").equals("1"),
        Integer.parseInt(fields.getOrDefault("Seccomp", "0")));
  }

  private static SortedMap<String, BigInteger> capabilities(Map<String, String> fields) {
    SortedMap<String, BigInteger> sets = new TreeMap<>();
    for (String set : CAPABILITY_SETS) {
      sets.put(set, new BigInteger(fields.getOrDefault(set, "0"), 16));
    }
    return Collections.unmodifiableSortedMap(sets);
  }

  private static List<Integer> numbers(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String word : text.split("\\s+")) {
      if (!word.isEmpty()) {
        numbers.add(Integer.parseUnsignedInt(word));
      }
    }
    return List.copyOf(numbers);
  }

  /** Returns the capabilities that it has. */
  public BigInteger effective() {
    return capabilities.get("CapEff");
  }

  /** Returns the capabilities that it could still gain. */
  public BigInteger bounding() {
    return capabilities.get("CapBnd");
  }

  /** Returns whether any of the four user ids is root's. */
  public boolean root() {
    return uids.contains(0);
  }
}
