package org.imagediet.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is mounted in a folder. A program that assembles a system mounts the machine's own {@code
 * /dev/shm} there, and leaves it when it is killed: whoever then deletes the folder deletes the
 * machine's files.
 */
final class MountPoints {

  private static final Path MOUNTS = Path.of("/proc/self/mounts");
  private static final Duration UNMOUNT = Duration.ofSeconds(10);

  private MountPoints() {}

  /**
   * Unmounts what is mounted in a folder.
   *
   * @return whether nothing is mounted there any more, so that the folder may be deleted
   */
  static boolean unmountBelow(Path folder) {
    for (Path point : below(folder)) {
      try {
        Command.of("umount", point.toString()).run(UNMOUNT);
      } catch (EnvironmentException e) {
        // Without the program for it, the mount is found again below.
      }
    }
    return below(folder).isEmpty();
  }

  private static List<Path> below(Path folder) {
    if (!Files.isReadable(MOUNTS)) {
      // No Linux, and then nothing of ours mounts.
      return List.of();
    }
    try {
      return below(folder.toRealPath(), Files.readAllLines(MOUNTS));
    } catch (IOException e) {
      // Gone already, or the table is not to be read: then better no deleting.
      return Files.exists(folder) ? List.of(folder) : List.of();
    }
  }

  /** Returns the mount points in a folder, the one mounted last first. */
  static List<Path> below(Path folder, List<String> mounts) {
    List<Path> points = new ArrayList<>();
    for (String mount : mounts) {
      String[] fields = mount.split(" ");
      if (fields.length > 1) {
        Path point = Path.of(fields[1].replace("\\040", " ").replace("\\134", "\\"));
        if (point.startsWith(folder) && !point.equals(folder)) {
          points.add(point);
        }
      }
    }
    Collections.reverse(points);
    return points;
  }
}
