package org.imagediet.budget;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.Layer;

/**
 * A division of an image's paths into parts: large files, and folders, each without the parts that
 * lie in it. Few enough to be committed, and fine enough to say later what grew.
 */
final class Parts {

  /** A part smaller than this share of the image explains nothing. */
  private static final int SHARES = 1000;

  private static final int MOST_PATH = 200;

  /** What a line costs beside its path. */
  private static final int LINE = 24;

  private static final int ESCAPED = 6;

  private static final int MOST_CHARACTERS = 24_000;

  /** The largest first, so that they have names when not all can. */
  private static final Comparator<PathTree.Node> LARGEST =
      Comparator.<PathTree.Node>comparingLong(node -> -node.now).thenComparing(PathTree.Node::key);

  private final Set<String> keys;

  /** Uses a division that exists. */
  Parts(Collection<String> keys) {
    this.keys = Set.copyOf(keys);
  }

  /** Divides the files of layers. */
  static Parts of(List<Layer> layers) {
    long total = layers.stream().mapToLong(Layer::unpackedBytes).sum();
    long smallest = Math.max(1, total / SHARES);
    PathTree tree = new PathTree(smallest);
    for (Layer layer : layers) {
      for (FileEntry entry : layer.entries()) {
        if (shipped(entry)) {
          tree.add(entry.path(), entry.size());
        }
      }
    }
    Set<String> keys = new TreeSet<>();
    int left = MOST_CHARACTERS;
    PriorityQueue<PathTree.Node> queue = new PriorityQueue<>(LARGEST);
    queue.add(tree.root());
    while (!queue.isEmpty()) {
      PathTree.Node node = queue.remove();
      left -= written(node.key());
      if (left < 0) {
        break;
      }
      keys.add(node.key());
      node.children().stream()
          .filter(child -> child.now >= smallest && child.path().length() <= MOST_PATH)
          .forEach(queue::add);
    }
    return new Parts(keys);
  }

  /** How many characters a line with a name takes, where all that is not ASCII is escaped. */
  static int written(String name) {
    return LINE + name.chars().map(c -> c >= ' ' && c <= '~' ? 1 : ESCAPED).sum();
  }

  /** Whether an entry has bytes of its own; another name of a file has none. */
  static boolean shipped(FileEntry entry) {
    return entry.type() == FileType.FILE && entry.size() > 0;
  }

  /** Returns the part that a file is in. */
  String of(String path) {
    if (keys.contains(path)) {
      return path;
    }
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      String folder = path.substring(0, slash + 1);
      if (keys.contains(folder)) {
        return folder;
      }
    }
    return "/";
  }
}
