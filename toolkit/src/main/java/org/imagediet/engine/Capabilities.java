package org.imagediet.engine;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The names of the kernel's capabilities, see capabilities(7). */
public final class Capabilities {

  /** Stands for all of them. */
  public static final String ALL = "ALL";

  /** In the kernel's order: the place in the list is the bit in a set. */
  private static final List<String> NAMES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "KILL",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "LINUX_IMMUTABLE",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_ADMIN",
          "NET_RAW",
          "IPC_LOCK",
          "IPC_OWNER",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_CHROOT",
          "SYS_PTRACE",
          "SYS_PACCT",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_NICE",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "MKNOD",
          "LEASE",
          "AUDIT_WRITE",
          "AUDIT_CONTROL",
          "SETFCAP",
          "MAC_OVERRIDE",
          "MAC_ADMIN",
          "SYSLOG",
          "WAKE_ALARM",
          "BLOCK_SUSPEND",
          "AUDIT_READ",
          "PERFMON",
          "BPF",
          "CHECKPOINT_RESTORE");

  /** What a container has that says nothing about it, on Docker. */
  private static final List<String> DEFAULT =
      List.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "NET_RAW",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private Capabilities() {}

  /** Returns the name without {@code CAP_} of what somebody wrote; empty when it is none. */
  public static Optional<String> find(String written) {
    String name = written.toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "");
    return NAMES.contains(name) || name.equals(ALL) ? Optional.of(name) : Optional.empty();
  }

  /** Returns whether Docker leaves it to every container that says nothing about it. */
  public static boolean given(String name) {
    return DEFAULT.contains(name);
  }

  /** Returns the names in a set as the kernel prints it. */
  public static List<String> names(BigInteger set) {
    List<String> names = new ArrayList<>();
    for (int bit = 0; bit < set.bitLength(); bit++) {
      if (set.testBit(bit)) {
        names.add(bit < NAMES.size() ? NAMES.get(bit) : Integer.toString(bit));
      }
    }
    return names;
  }
}
