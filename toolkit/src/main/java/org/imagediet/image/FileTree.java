package org.imagediet.image;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files a container of the image sees: all layers laid over each other. Links are followed
 * inside the image only.
 */
public final class FileTree {

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  private static final int MOST_REMEMBERED = 1000;

  private final TreeMap<String, FileEntry> entries = new TreeMap<>();
  private final Set<String> links = new HashSet<>();
  private final Map<String, String> folders = new HashMap<>();
  private final Map<String, FileEntry> orphans = new HashMap<>();

  FileTree() {}

  /** Lays layers over each other, the first at the bottom. */
  public static FileTree of(List<Layer> layers) {
    FileTree tree = new FileTree();
    layers.forEach(tree::apply);
    return tree;
  }

  private void apply(Layer layer) {
    // A whiteout hides what lower layers have, never what its own layer adds.
    for (String path : layer.opaque()) {
      removeBelow(resolvedParent(path));
    }
    for (String path : layer.whiteouts()) {
      remove(resolvedParent(path));
    }
    for (FileEntry entry : layer.entries()) {
      add(entry);
    }
  }

  private void add(FileEntry entry) {
    String path = resolvedParent(entry.path());
    FileEntry existing = entries.get(path);
    if (existing != null
        && existing.type() == FileType.DIRECTORY
        && entry.type() != FileType.DIRECTORY) {
      removeBelow(path);
    }
    FileEntry added = entry;
    if (entry.type() == FileType.HARD_LINK) {
      FileEntry target = entries.get(resolvedParent(entry.linkTarget()));
      if (target == null || target.type() == FileType.DIRECTORY || target == existing) {
        return;
      }
      added = entry.linkedTo(target);
    }
    put(path, path.equals(added.path()) ? added : added.at(path));
  }

  private void put(String path, FileEntry entry) {
    FileEntry before = entries.put(path, entry);
    boolean link = entry.type() == FileType.SYMLINK;
    if (link) {
      links.add(path);
    }
    if (before != null && before.type() == FileType.SYMLINK && !link) {
      links.remove(path);
      folders.clear();
    } else if (link) {
      folders.clear();
    }
  }

  private void remove(String path) {
    FileEntry before = entries.remove(path);
    if (before != null && before.type() == FileType.SYMLINK) {
      links.remove(path);
      folders.clear();
    }
    removeBelow(path);
  }

  private void removeBelow(String path) {
    Map<String, FileEntry> below = range(path);
    if (below.values().stream().anyMatch(entry -> entry.type() == FileType.SYMLINK)) {
      links.removeAll(below.keySet());
      folders.clear();
    }
    below.clear();
  }

  private Map<String, FileEntry> range(String folder) {
    String prefix = folder.equals("/") ? "/" : folder + "/";
    // '0' is the character after '/'.
    return entries.subMap(prefix, prefix.substring(0, prefix.length() - 1) + '0');
  }

  /** The path with all links but the last component's followed, as an unpacking engine does. */
  private String resolvedParent(String path) {
    int slash = path.lastIndexOf('/');
    if (slash <= 0 || links.isEmpty()) {
      return path;
    }
    String folder = path.substring(0, slash);
    String resolved = folders.get(folder);
    if (resolved == null) {
      resolved = resolve(folder).orElse(folder);
      if (folders.size() == MOST_REMEMBERED) {
        folders.clear();
      }
      folders.put(folder, resolved);
    }
    if (resolved.equals(folder)) {
      return path;
    }
    return resolved.equals("/") ? path.substring(slash) : resolved + path.substring(slash);
  }

  /** Returns the entry at a path, links followed; nothing when it is absent or a loop. */
  public Optional<FileEntry> get(String path) {
    return resolve(path).map(entries::get);
  }

  /** Returns the entry at a path without following its last component. */
  public Optional<FileEntry> lookup(String path) {
    return Optional.ofNullable(entries.get(resolvedParent(path)));
  }

  /** Follows all links; nothing for a loop. A link that leads out of the image ends at its root. */
  private Optional<String> resolve(String path) {
    StringBuilder at = new StringBuilder(path.length());
    Deque<String> todo = new ArrayDeque<>();
    todo.push(path);
    int left = MOST_LINKS;
    while (!todo.isEmpty()) {
      String rest = todo.pop();
      int begin = 0;
      while (begin < rest.length() && rest.charAt(begin) == '/') {
        begin++;
      }
      int slash = rest.indexOf('/', begin);
      int end = slash < 0 ? rest.length() : slash;
      if (end < rest.length()) {
        todo.push(rest.substring(end));
      }
      String name = rest.substring(begin, end);
      int before = at.length();
      if (name.equals("..")) {
        at.setLength(Math.max(0, at.lastIndexOf("/")));
      } else if (!name.isEmpty() && !name.equals(".")) {
        at.append('/').append(name);
        if (links.contains(at.toString())) {
          if (left-- == 0) {
            return Optional.empty();
          }
          String target = entries.get(at.toString()).linkTarget();
          at.setLength(target.startsWith("/") ? 0 : before);
          todo.push(target);
        }
      }
    }
    return Optional.of(at.length() == 0 ? "/" : at.toString());
  }

  /** Returns all entries, ordered by path. */
  public Collection<FileEntry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  /** Returns the entries below a folder, ordered by path. */
  public Collection<FileEntry> below(String folder) {
    return Collections.unmodifiableCollection(range(resolve(folder).orElse(folder)).values());
  }

  /** Returns the number of regular files; a file with several names counts once. */
  public int regularFiles() {
    return (int) entries.values().stream().filter(FileEntry::regular).filter(this::first).count();
  }

  /** Returns the kept content of a file, links followed. */
  public Optional<byte[]> bytes(String path) {
    return get(path).flatMap(FileEntry::content).flatMap(Content::bytes);
  }

  /** Returns the bytes of the visible files; a file with several names counts once. */
  long regularBytes() {
    return entries.values().stream()
        .filter(FileEntry::regular)
        .filter(this::first)
        .mapToLong(FileEntry::size)
        .sum();
  }

  /**
   * Whether a visible name stands for its file where files are counted: the name that brought it,
   * or, when that one is gone, the first of the others.
   */
  public boolean first(FileEntry entry) {
    return entry.type() != FileType.HARD_LINK || origin(entry) == entry;
  }

  /** Returns the name that stands for the file of a hard link. */
  public FileEntry origin(FileEntry link) {
    FileEntry origin = entries.get(link.linkTarget());
    boolean alive =
        origin != null
            && origin.type() == FileType.FILE
            && origin.layer() <= link.layer()
            && origin.size() == link.size()
            && origin.content().equals(link.content());
    return alive ? origin : orphans().getOrDefault(link.layer() + link.linkTarget(), link);
  }

  /** The first hard link to each file, for those whose own name is gone. */
  private Map<String, FileEntry> orphans() {
    if (orphans.isEmpty()) {
      for (FileEntry entry : entries.values()) {
        if (entry.type() == FileType.HARD_LINK) {
          orphans.putIfAbsent(entry.layer() + entry.linkTarget(), entry);
        }
      }
    }
    return orphans;
  }
}
