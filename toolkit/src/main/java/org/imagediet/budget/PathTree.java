package org.imagediet.budget;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folders with the bytes below them. Small files are only counted in their folder, and so is what
 * lies very deep or comes after very many folders: whoever explains growth names folders, and a
 * hostile image must not fill the memory with them.
 */
final class PathTree {

  private static final int DEEPEST = 12;
  private static final int MOST_NODES = 200_000;

  private final Node root = new Node("", false);
  private final long smallest;
  private int nodes;

  /**
   * Starts an empty tree.
   *
   * @param smallest bytes from which on a file has a node of its own
   */
  PathTree(long smallest) {
    this.smallest = smallest;
  }

  /** A folder or a large file. */
  static final class Node {
    private final String path;
    private final boolean file;
    private Map<String, Node> children = Map.of();

    /** The bytes of the files at and below it. */
    long now;

    /** The bytes that a baseline had at and below it, and lost. */
    long gone;

    /** Those of them that were somewhere here, in no part that the baseline names. */
    long goneSomewhere;

    /** Whether the baseline has a part of this name. */
    boolean named;

    /** Whether it was there before, as far as one can tell. */
    boolean known;

    private Node(String path, boolean file) {
      this.path = path;
      this.file = file;
    }

    /** Returns its path, without a slash at the end; the root's is empty. */
    String path() {
      return path;
    }

    boolean file() {
      return file;
    }

    Collection<Node> children() {
      return children.values();
    }

    /** Returns how a baseline names it: a folder with a slash at the end. */
    String key() {
      return file ? path : path + "/";
    }

    long growth() {
      return now - gone;
    }

    private void add(Node child) {
      if (children.isEmpty()) {
        children = new HashMap<>(4);
      }
      children.put(child.key(), child);
    }
  }

  Node root() {
    return root;
  }

  /** Adds a file of the image. */
  void add(String path, long bytes) {
    way(path, bytes >= smallest).forEach(node -> node.now += bytes);
  }

  /**
   * Adds what a baseline had.
   *
   * @param key a file's path, or a folder's with a slash at the end
   */
  void addGone(String key, long bytes) {
    boolean folder = key.endsWith("/");
    List<Node> way = way(folder ? key + "x" : key, !folder);
    way.forEach(node -> node.gone += bytes);
    Node last = way.get(way.size() - 1);
    way.forEach(node -> node.known = true);
    last.named = true;
    if (folder) {
      last.goneSomewhere += bytes;
    }
  }

  /**
   * Marks a file or a folder as one that was there before, and the folders above it.
   *
   * @param key as for {@link #addGone}
   * @param named whether the baseline has a part of this name
   */
  void mark(String key, boolean named) {
    boolean folder = key.endsWith("/");
    Node node = root;
    node.known = true;
    for (int slash = key.indexOf('/', 1); slash > 0; slash = key.indexOf('/', slash + 1)) {
      Node next = node.children.get(key.substring(0, slash + 1));
      if (next == null) {
        return;
      }
      next.known = true;
      node = next;
    }
    if (!folder) {
      Node file = node.children.get(key);
      if (file == null) {
        return;
      }
      file.known = true;
      node = file;
    }
    node.named |= named;
  }

  /** The nodes from the root to a file's folder, or to the file. */
  private List<Node> way(String path, boolean withFile) {
    List<Node> way = new ArrayList<>(DEEPEST);
    way.add(root);
    Node node = root;
    int slash = path.indexOf('/', 1);
    for (; slash > 0 && way.size() < DEEPEST; slash = path.indexOf('/', slash + 1)) {
      Optional<Node> next = child(node, path.substring(0, slash), false);
      if (next.isEmpty()) {
        return way;
      }
      node = next.get();
      way.add(node);
    }
    if (withFile && slash < 0) {
      child(node, path, true).ifPresent(way::add);
    }
    return way;
  }

  /** Finds or makes a node; empty when there are too many to make another. */
  private Optional<Node> child(Node parent, String path, boolean file) {
    // A path can be a file in one layer and a folder in another.
    Node there = parent.children.get(file ? path : path + "/");
    if (there != null || nodes == MOST_NODES) {
      return Optional.ofNullable(there);
    }
    nodes++;
    Node made = new Node(path, file);
    parent.add(made);
    return Optional.of(made);
  }
}
