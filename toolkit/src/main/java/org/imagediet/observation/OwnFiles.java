package org.imagediet.observation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.imagediet.archive.TarBytes;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Layer;

/** What an image adds to its base, to be put on another one. */
public final class OwnFiles {

  private final ContainerImage image;
  private final int baseLayers;

  /** Paths that, with all below them, are the image's own. */
  private final Set<String> roots = new LinkedHashSet<>();

  /** The folders above those, the outermost first. */
  private final Set<String> folders = new TreeSet<>();

  private OwnFiles(ContainerImage image, int baseLayers) {
    this.image = image;
    this.baseLayers = baseLayers;
    List<FileEntry> entries = List.copyOf(image.files().entries());
    Set<String> shared =
        entries.stream()
            .filter(entry -> entry.layer() < baseLayers)
            .flatMap(entry -> above(entry.path()).stream())
            .collect(Collectors.toSet());
    for (FileEntry entry : entries) {
      boolean own = entry.layer() >= baseLayers && !shared.contains(entry.path());
      if (own && above(entry.path()).stream().noneMatch(roots::contains)) {
        roots.add(entry.path());
        folders.addAll(above(entry.path()));
      }
    }
  }

  /**
   * Tells an image's own files from its base's.
   *
   * @param baseLayers how many of its layers, from the bottom, are the base's
   */
  public static OwnFiles of(ContainerImage image, int baseLayers) {
    return new OwnFiles(image, baseLayers);
  }

  /** Returns how large they are, in bytes. */
  public long bytes() {
    return image.files().entries().stream()
        .filter(entry -> entry.layer() >= baseLayers)
        .mapToLong(FileEntry::size)
        .sum();
  }

  /** The folders that a path lies in, without the root. */
  private static List<String> above(String path) {
    List<String> folders = new ArrayList<>();
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      folders.add(path.substring(0, slash));
    }
    return folders;
  }

  /** Starts from the configuration of the image, for a container with the files of another one. */
  public ContainerSpec.Builder spec(String name) {
    ContainerSpec.Builder spec =
        ContainerSpec.image(name).entrypoint(image.config().argv().toArray(String[]::new));
    image.config().environment().forEach(spec::environment);
    if (!image.config().user().isEmpty()) {
      spec.user(image.config().user());
    }
    if (!image.config().workingDirectory().isEmpty()) {
      spec.workingDirectory(image.config().workingDirectory());
    }
    return spec;
  }

  /**
   * Takes them out of a container of the image, to be put into others.
   *
   * @throws EnvironmentException when the engine breaks off
   */
  public Taken takenFrom(Container source) {
    TempFolder folder = TempFolder.create();
    Map<String, Path> archives = new LinkedHashMap<>();
    try {
      for (String path : roots) {
        Path archive = folder.path().resolve(archives.size() + ".tar");
        try (InputStream files = source.copyOut(path)) {
          Files.copy(files, archive);
        }
        archives.put(path, archive);
      }
    } catch (IOException e) {
      folder.close();
      throw new EnvironmentException("The engine broke off while copying files; run again.", e);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
    return new Taken(folder, archives);
  }

  /** The files, archived. */
  public final class Taken implements AutoCloseable {
    private final TempFolder folder;

    /** By their paths in the image. */
    private final Map<String, Path> archives;

    private Taken(TempFolder folder, Map<String, Path> archives) {
      this.folder = folder;
      this.archives = archives;
    }

    /**
     * Puts them into a container that has not been started.
     *
     * @throws EnvironmentException when the engine breaks off
     */
    public void into(Container target) {
      if (!folders.isEmpty()) {
        target.copyIn("/", folders());
      }
      archives.forEach(
          (path, archive) -> {
            int slash = path.lastIndexOf('/');
            try (InputStream files = Files.newInputStream(archive)) {
              target.copyIn(slash == 0 ? "/" : path.substring(0, slash), files);
            } catch (IOException e) {
              throw new EnvironmentException("A copy of files is gone; run again.", e);
            }
          });
    }

    @Override
    public void close() {
      folder.close();
    }
  }

  private ByteArrayInputStream folders() {
    TarBytes tar = new TarBytes();
    for (String folder : folders) {
      tar.folder(folder, image.files().get(folder).map(known -> known.mode() & 07777).orElse(0755));
    }
    return new ByteArrayInputStream(tar.bytes());
  }

  /** Returns the image that they would be on another base. */
  public ContainerImage on(ContainerImage base) {
    List<Layer> layers = new ArrayList<>(base.layers());
    for (Layer own : image.layers().subList(baseLayers, image.layers().size())) {
      int index = layers.size();
      layers.add(
          new Layer(
              index,
              own.diffId(),
              own.mediaType(),
              own.instruction(),
              own.transferBytes(),
              own.unpackedBytes(),
              own.entries().stream().map(entry -> entry.inLayer(index)).toList(),
              own.whiteouts(),
              own.opaque()));
    }
    return new ContainerImage("", image.id(), image.config(), layers);
  }
}
