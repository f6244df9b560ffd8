package org.imagediet.assertions;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.Layer;

/** Where in an image something bears a path: in what a container sees, and in its layers. */
final class Paths {

  private Paths() {}

  /**
   * Returns a path without dots and double slashes.
   *
   * @throws IllegalArgumentException when it does not begin with a slash or is the root, since
   *     nothing in an image has such a path
   */
  static String normalized(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          "The path must begin with a slash, as in /etc/passwd, but is \"%s\"".formatted(path));
    }
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/")) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("The path must be that of a file, but is \"/\"");
    }
    return "/" + String.join("/", names);
  }

  /** Returns what is at a path where no file is. */
  static String insteadOfFile(ContainerImage image, String path) {
    Optional<FileEntry> entry = image.files().lookup(path);
    Optional<FileEntry> target = image.files().get(path);
    if (target.isPresent()) {
      return target.get().type() == FileType.DIRECTORY
          ? "%s is a folder".formatted(target.get().path())
          : "%s is no regular file but %s".formatted(target.get().path(), target.get().modeText());
    }
    if (entry.isPresent()) {
      return "%s is a link to %s, which is not there".formatted(path, entry.get().linkTarget());
    }
    List<String> hidden = hidden(image, path);
    return hidden.isEmpty() ? "nothing at that path in any layer" : hidden.get(0);
  }

  /** Returns what the image has at a path or below, visible or only shipped; empty for nothing. */
  static List<String> at(ContainerImage image, String path) {
    List<String> found = new ArrayList<>();
    Optional<FileEntry> entry = image.files().lookup(path).or(() -> image.files().get(path));
    if (entry.isPresent()) {
      found.add(
          "%s %s, from layer %d"
              .formatted(entry.get().modeText(), entry.get().path(), entry.get().layer() + 1));
    } else if (!image.files().below(path).isEmpty()) {
      found.add("%s, a folder with files in it".formatted(path));
    }
    return found.isEmpty() ? hidden(image, path) : found;
  }

  /** Folders are left out: an empty one that a later layer removes ships nothing. */
  private static List<String> hidden(ContainerImage image, String path) {
    List<String> found = new ArrayList<>();
    Set<String> paths = new HashSet<>(List.of(path, unlinked(image, path)));
    Set<String> visible = new HashSet<>();
    image.files().entries().forEach(entry -> visible.add(entry.layer() + entry.path()));
    for (Layer layer : image.layers()) {
      for (FileEntry entry : layer.entries()) {
        boolean there =
            paths.stream()
                .anyMatch(p -> entry.path().equals(p) || entry.path().startsWith(p + "/"));
        if (there
            && entry.type() != FileType.DIRECTORY
            && !visible.contains(entry.layer() + entry.path())) {
          found.add(
              "%s, %d bytes, is shipped in layer %d and hidden by a later layer"
                  .formatted(entry.path(), entry.size(), layer.index() + 1));
        }
      }
    }
    return found;
  }

  /** The path under its folder's real name, as layers have it. */
  private static String unlinked(ContainerImage image, String path) {
    int slash = path.lastIndexOf('/');
    return image
        .files()
        .get(path.substring(0, slash))
        .map(folder -> folder.path() + path.substring(slash))
        .orElse(path);
  }
}
