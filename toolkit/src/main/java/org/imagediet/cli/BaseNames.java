package org.imagediet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.imagediet.diet.Reference;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.DockerfileBases;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;

/** The base images that setting up prepares. */
final class BaseNames {

  private BaseNames() {}

  /**
   * Returns what the reference recipes of some tracks build on, and what the probe runs in. Recipes
   * that are not there are passed over: a workbook handed to students has none.
   *
   * @throws EnvironmentException when a recipe that is there cannot be read
   */
  static Set<String> of(Workbook workbook, Collection<Track> tracks) {
    Set<String> names = new LinkedHashSet<>();
    for (Track track : tracks) {
      for (Reference reference : Reference.of(track)) {
        Path recipe = workbook.root().resolve(reference.recipe());
        if (!reference.optional() && Files.isRegularFile(recipe)) {
          names.addAll(read(recipe));
        }
      }
    }
    names.add(Probe.BASE);
    return names;
  }

  private static Collection<String> read(Path recipe) {
    try {
      return DockerfileBases.of(recipe);
    } catch (IOException e) {
      throw new EnvironmentException("The recipe " + recipe + " cannot be read.", e);
    }
  }
}
