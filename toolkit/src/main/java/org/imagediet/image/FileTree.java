package org.imagediet.image;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files a container of the image sees: all layers laid over each other. Links are followed
 * inside the image only.
 */
public final class FileTree {

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  private final TreeMap<String, FileEntry> entries = new TreeMap<>();

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
      if (target == null || !target.regular()) {
        return;
      }
      added = entry.linkedTo(target);
    }
    entries.put(path, path.equals(added.path()) ? added : added.at(path));
  }

  private void remove(String path) {
    entries.remove(path);
    removeBelow(path);
  }

  private void removeBelow(String path) {
    String folder = path.equals("/") ? "/" : path + "/";
    entries.subMap(folder, folder.substring(0, folder.length() - 1) + '0').clear();
  }

  /** The path with all links but the last component's followed, as an unpacking engine does. */
  private String resolvedParent(String path) {
    int slash = path.lastIndexOf('/');
    if (slash <= 0) {
      return path;
    }
    String parent = resolve(path.substring(0, slash), MOST_LINKS).orElse(path.substring(0, slash));
    return parent.equals("/") ? path.substring(slash) : parent + path.substring(slash);
  }

  /** Returns the entry at a path, links followed; nothing when it is absent or a loop. */
  public Optional<FileEntry> get(String path) {
    return resolve(path, MOST_LINKS).map(entries::get);
  }

  /** Returns the entry at a path without following its last component. */
  public Optional<FileEntry> lookup(String path) {
    return Optional.ofNullable(entries.get(resolvedParent(path)));
  }

  private Optional<String> resolve(String path, int links) {
    String at = "";
    int left = links;
    List<String> todo = new ArrayList<>(components(path));
    while (!todo.isEmpty()) {
      String name = todo.remove(0);
      if (name.equals("..")) {
        at = at.contains("/") ? at.substring(0, at.lastIndexOf('/')) : "";
        continue;
      }
      String next = at + "/" + name;
      FileEntry entry = entries.get(next);
      if (entry != null && entry.type() == FileType.SYMLINK) {
        if (left-- == 0) {
          return Optional.empty();
        }
        if (entry.linkTarget().startsWith("/")) {
          at = "";
        }
        todo.addAll(0, components(entry.linkTarget()));
        continue;
      }
      at = next;
    }
    return Optional.of(at.isEmpty() ? "/" : at);
  }

  private static List<String> components(String path) {
    List<String> components = new ArrayList<>();
    for (String component : path.split("/")) {
      if (!component.isEmpty() && !component.equals(".")) {
        components.add(component);
      }
    }
    return components;
  }

  /** Returns all entries, ordered by path. */
  public Collection<FileEntry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  /** Returns the entries below a folder, ordered by path. */
  public Collection<FileEntry> below(String folder) {
    String prefix = resolve(folder, MOST_LINKS).orElse(folder) + "/";
    return Collections.unmodifiableCollection(
        entries.subMap(prefix, prefix.substring(0, prefix.length() - 1) + '0').values());
  }

  /** Returns the number of regular files; a file with several names counts once. */
  public int regularFiles() {
    return (int) entries.values().stream().filter(e -> e.type() == FileType.FILE).count();
  }

  /** Returns the kept content of a file, links followed. */
  public Optional<byte[]> bytes(String path) {
    return get(path).flatMap(FileEntry::content).flatMap(Content::bytes);
  }

  /** Returns the bytes of the visible files; a file with several names counts once. */
  long regularBytes() {
    long bytes = 0;
    java.util.Set<String> counted = new java.util.HashSet<>();
    for (FileEntry entry : entries.values()) {
      if (entry.type() == FileType.FILE) {
        bytes += entry.size();
      } else if (entry.type() == FileType.HARD_LINK) {
        // Its bytes count here only when the name that brought them is gone.
        FileEntry target = entries.get(entry.linkTarget());
        boolean alive =
            target != null && target.regular() && target.content().equals(entry.content());
        if (!alive && counted.add(entry.linkTarget())) {
          bytes += entry.size();
        }
      }
    }
    return bytes;
  }
}
