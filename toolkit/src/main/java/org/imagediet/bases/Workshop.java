package org.imagediet.bases;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;

/** Makes stand-ins, one after the other, so that they share what they can. */
final class Workshop implements AutoCloseable {

  private static final String CONTENTS = "org.imagediet.stand-in.contents";

  private final Engine engine;
  private Optional<TempFolder> folder = Optional.empty();
  private Optional<Debian> debian = Optional.empty();
  private Optional<DistrolessMaker> distroless = Optional.empty();
  private Optional<SystemMaker> system = Optional.empty();

  Workshop(Engine engine) {
    this.engine = engine;
  }

  /**
   * Makes a stand-in and loads it into the engine, under all names of its recipe that are not
   * there.
   *
   * @throws EnvironmentException when it cannot be made
   */
  void make(BaseImage image, Progress.Task task) {
    open();
    task.detail("assembling a stand-in");
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Bases.STAND_IN, "true");
    labels.put(CONTENTS, image.recipe().contents());
    try {
      Path archive;
      if (image.recipe() instanceof DistrolessRecipe recipe) {
        archive = distroless.orElseThrow().make(image.name(), recipe, labels);
      } else {
        SystemRecipe recipe = (SystemRecipe) image.recipe();
        archive = system.orElseThrow().make(absent(image, recipe), recipe, labels, task);
      }
      task.detail("loading it into the engine");
      try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16)) {
        engine.load(in);
      }
      Files.delete(archive);
    } catch (IOException e) {
      throw new EnvironmentException(
          "The stand-in for %s cannot be written below %s: %s."
              .formatted(image.name(), folder.orElseThrow().path(), e.getMessage()),
          e);
    }
  }

  /** The image asked for and its likes, but none that the machine has already. */
  private List<String> absent(BaseImage image, SystemRecipe recipe) {
    return recipe.names().stream()
        .filter(name -> name.equals(image.name()) || engine.imageId(name).isEmpty())
        .toList();
  }

  private void open() {
    if (folder.isPresent()) {
      return;
    }
    folder = Optional.of(TempFolder.create());
    debian = Optional.of(new Debian(AptSources.ofThisMachine()));
    String ours = debian.get().architecture();
    if (!ours.equals(engine.architecture())) {
      throw new EnvironmentException(
          "Stand-ins can only be made for this machine's architecture, %s, and the engine runs %s;"
                  .formatted(ours, engine.architecture())
              + " load the images from a file with `./lab bases load FILE`.");
    }
    distroless = Optional.of(new DistrolessMaker(debian.get(), folder.get().path()));
    system = Optional.of(new SystemMaker(debian.get(), folder.get().path()));
  }

  @Override
  public void close() {
    debian.ifPresent(Debian::close);
    folder.ifPresent(TempFolder::close);
  }
}
