package org.imagediet.engine.jib;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.imagediet.report.Clean;

/**
 * Finds the files of a build's layers in its context, as Jib's command line does, and never outside
 * it. Jib has no links in layers: it puts what a link leads to.
 */
final class LayerFiles {

  private static final int MOST_FILES = 5000;

  private final Path context;
  private int files;

  /** Looks in a context. */
  LayerFiles(Path context) throws IOException {
    this.context = context.toRealPath();
  }

  FileEntriesLayer layer(BuildFile.Layer layer) throws IOException {
    FileEntriesLayer.Builder builder = FileEntriesLayer.builder().setName(layer.name());
    for (BuildFile.Copy copy : layer.copies()) {
      Path source = inside(copy, copy.source());
      if (Files.isDirectory(source)) {
        addFolder(builder, copy, source);
      } else {
        if (!copy.includes().isEmpty() || !copy.excludes().isEmpty()) {
          throw wrong(copy, "is a file, and includes and excludes are for folders");
        }
        boolean into = copy.destination().endsWith("/");
        AbsoluteUnixPath destination = AbsoluteUnixPath.get(copy.destination());
        add(
            builder,
            copy,
            source,
            into
                ? destination.resolve(Path.of(copy.source()).getFileName().toString())
                : destination);
      }
    }
    return builder.build();
  }

  private void addFolder(FileEntriesLayer.Builder builder, BuildFile.Copy copy, Path source)
      throws IOException {
    List<PathMatcher> includes = matchers(copy, copy.includes());
    List<PathMatcher> excludes = matchers(copy, copy.excludes());
    AbsoluteUnixPath destination = AbsoluteUnixPath.get(copy.destination());
    Set<Path> added = new HashSet<>();
    for (Path path : tree(copy, source)) {
      boolean wanted =
          (includes.isEmpty() || includes.stream().anyMatch(glob -> glob.matches(path)))
              && excludes.stream().noneMatch(glob -> glob.matches(path));
      if (!wanted) {
        continue;
      }
      Path real = inside(copy, path.toString());
      if (Files.isDirectory(real) && !real.equals(path)) {
        throw wrong(copy, "holds the link %s to a folder".formatted(Clean.quoted(path.toString())));
      }
      // A file may be wanted where its folder was not.
      addParents(builder, copy, source, path, added);
      if (added.add(path)) {
        add(builder, copy, real, destination.resolve(source.relativize(path)));
      }
    }
  }

  private void addParents(
      FileEntriesLayer.Builder builder,
      BuildFile.Copy copy,
      Path source,
      Path path,
      Set<Path> added)
      throws IOException {
    if (path.equals(source)) {
      return;
    }
    Path parent = path.getParent();
    addParents(builder, copy, source, parent, added);
    if (added.add(parent)) {
      add(
          builder,
          copy,
          parent,
          AbsoluteUnixPath.get(copy.destination()).resolve(source.relativize(parent)));
    }
  }

  private static List<Path> tree(BuildFile.Copy copy, Path source) throws IOException {
    try (Stream<Path> tree = Files.walk(source)) {
      // Sorted after the limit, since a tree without end must not be listed to its end.
      List<Path> paths = tree.limit(MOST_FILES + 1L).toList();
      if (paths.size() > MOST_FILES) {
        throw tooMany(copy);
      }
      return paths.stream().sorted().toList();
    }
  }

  /** Follows a path to the file that it means. */
  private Path inside(BuildFile.Copy copy, String name) throws IOException {
    Path real;
    try {
      real = context.resolve(name).toRealPath();
    } catch (NoSuchFileException e) {
      throw wrong(copy, "is not in the build context");
    } catch (InvalidPathException e) {
      throw wrong(copy, "is no path");
    }
    if (!real.startsWith(context)) {
      throw wrong(copy, "leads out of the build context");
    }
    if (!Files.isRegularFile(real) && !Files.isDirectory(real)) {
      throw wrong(copy, "is neither a file nor a folder");
    }
    return real;
  }

  private void add(
      FileEntriesLayer.Builder builder,
      BuildFile.Copy copy,
      Path source,
      AbsoluteUnixPath destination) {
    if (++files > MOST_FILES) {
      throw tooMany(copy);
    }
    BuildFile.Properties properties = copy.properties();
    int mode = Files.isDirectory(source) ? properties.folderMode() : properties.fileMode();
    builder.addEntry(
        source,
        destination,
        FilePermissions.fromOctalString("%03o".formatted(mode)),
        properties.time(),
        properties.owner());
  }

  private static List<PathMatcher> matchers(BuildFile.Copy copy, List<String> globs) {
    try {
      return globs.stream()
          .map(glob -> "glob:" + glob + (glob.endsWith("/") ? "**" : ""))
          .map(FileSystems.getDefault()::getPathMatcher)
          .toList();
    } catch (IllegalArgumentException e) {
      throw wrong(
          copy,
          "has a wrong pattern: "
              + Clean.quoted(String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
  }

  private static BuildFileException tooMany(BuildFile.Copy copy) {
    return wrong(copy, "makes it more than " + MOST_FILES + " files");
  }

  private static BuildFileException wrong(BuildFile.Copy copy, String how) {
    return new BuildFileException(
        "jib.yaml: %s: %s %s.".formatted(copy.path(), Clean.quoted(copy.source()), how));
  }
}
