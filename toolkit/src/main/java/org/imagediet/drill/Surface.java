package org.imagediet.drill;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.observation.AsItIs;
import org.imagediet.probe.ProcessState;

/**
 * The attack surface of an image, counted: from its files, and from its processes as the kernel
 * describes them while it runs as it is.
 */
public record Surface(Map<SurfacePart, Integer> counts) {

  private static final int EXECUTE = 0111;

  /** Counts what an image has, and what its processes may do. */
  public static Surface of(ContainerImage image, AsItIs running) {
    ProcessState process = running.mightiest();
    Map<SurfacePart, Integer> counts = new EnumMap<>(SurfacePart.class);
    counts.put(SurfacePart.PACKAGES, image.packages().size());
    counts.put(SurfacePart.EXECUTABLES, (int) files(image).filter(Surface::startable).count());
    counts.put(SurfacePart.SHELLS, image.shells().size());
    counts.put(SurfacePart.INTERPRETERS, image.interpreters().size());
    counts.put(SurfacePart.SETUID, image.setuid().size());
    counts.put(SurfacePart.LIBRARIES, (int) files(image).filter(Surface::library).count());
    counts.put(SurfacePart.PORTS, running.listening().size());
    counts.put(SurfacePart.WRITABLE, Writer.of(process, image).writable());
    counts.put(SurfacePart.CAPABILITIES, process.effective().bitCount());
    counts.put(SurfacePart.BOUNDING, process.bounding().bitCount());
    return new Surface(Map.copyOf(counts));
  }

  /** Returns how much of a part there is. */
  public int count(SurfacePart part) {
    return counts.getOrDefault(part, 0);
  }

  /** Each file once, under whatever number of names. */
  private static Stream<FileEntry> files(ContainerImage image) {
    return image.files().entries().stream()
        .filter(entry -> entry.regular() && image.files().first(entry));
  }

  private static boolean startable(FileEntry file) {
    return (file.mode() & EXECUTE) != 0
        && file.content()
            .filter(
                content ->
                    content.script().isPresent()
                        || content.elf().filter(ElfFile::executable).isPresent())
            .isPresent();
  }

  private static boolean library(FileEntry file) {
    return file.content()
        .flatMap(Content::elf)
        .filter(elf -> elf.kind() == ElfFile.Kind.LIBRARY)
        .isPresent();
  }

  /**
   * Who writes.
   *
   * @param root whether modes mean nothing to it
   */
  private record Writer(boolean root, long uid, Set<Long> gids, ContainerImage image) {

    private static final int WRITE = 2;
    private static final int SEARCH = 1;

    static Writer of(ProcessState process, ContainerImage image) {
      Set<Long> gids = new HashSet<>();
      process.gids().forEach(gid -> gids.add(gid.longValue()));
      process.groups().forEach(gid -> gids.add(gid.longValue()));
      return new Writer(process.root(), process.uids().get(0), gids, image);
    }

    int writable() {
      Map<String, Boolean> reachable = new HashMap<>();
      int count = 0;
      // In the order of their paths, a folder comes before what is in it.
      for (FileEntry entry : image.files().entries()) {
        boolean reached = reached(entry.path(), reachable);
        boolean folder = entry.type() == FileType.DIRECTORY;
        if (folder) {
          reachable.put(entry.path(), reached && may(entry, SEARCH));
        }
        boolean counts = folder || entry.regular() && image.files().first(entry);
        if (counts && reached && may(entry, WRITE)) {
          count++;
        }
      }
      return count;
    }

    /** A folder that no layer names is made by the engine, and open to all. */
    private static boolean reached(String path, Map<String, Boolean> reachable) {
      String folder = path.substring(0, Math.max(0, path.lastIndexOf('/')));
      return folder.isEmpty() || reachable.getOrDefault(folder, reached(folder, reachable));
    }

    /** The kernel's rule: the first class that fits decides, even if a later one allows more. */
    private boolean may(FileEntry entry, int bit) {
      if (root) {
        return true;
      }
      int shift = entry.uid() == uid ? 6 : gids.contains(entry.gid()) ? 3 : 0;
      return (entry.mode() >> shift & bit) != 0;
    }
  }
}
