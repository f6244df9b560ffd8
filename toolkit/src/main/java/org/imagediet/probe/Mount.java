package org.imagediet.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A mounted file system as the kernel describes it in {@code /proc/PID/mountinfo}, see
 * proc_pid_mountinfo(5).
 *
 * @param path where it is mounted
 * @param type such as {@code overlay}
 * @param writable whether it may be written to, its owners and modes aside
 * @param executable whether programs in it may be started
 */
public record Mount(String path, String type, boolean writable, boolean executable) {

  /** Reads a line; empty when it is none. */
  static Optional<Mount> parse(String line) {
    String[] halves = line.split(" - ", 2);
    String[] fields = halves[0].split(" ");
    if (halves.length < 2 || fields.length < 6) {
      return Optional.empty();
    }
    String[] source = halves[1].split(" ");
    List<String> own = Arrays.asList(fields[5].split(","));
    // Read-only is a property of the mount or of the whole file system.
    List<String> whole = Arrays.asList(source[source.length - 1].split(","));
    return Optional.of(
        new Mount(
            unescaped(fields[4]),
            source[0],
            !own.contains("ro") && !whole.contains("ro"),
            !own.contains("noexec")));
  }

  /** The kernel writes white space and the backslash as three octal digits. */
  private static String unescaped(String path) {
    return path.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
