package org.imagediet.diet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imagediet.workbook.Recipe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;

/**
 * One of the images that a diet compares: one service, one way to put it into an image. It is the
 * solutions', or in a handout, which has none, whoever's the handout is.
 *
 * @param variant its name in tables and in {@code diet.json}
 * @param recipe a Dockerfile or a {@code jib.yaml}, relative to the workbook
 * @param optional left out, with a word, where its base images cannot be had
 */
public record Reference(Track track, String variant, Path recipe, boolean optional) {

  /** The one that the others are held against. */
  static final String NAIVE = "naive";

  /** Returns why a track has no image on scratch; nothing of one that has. */
  static Optional<String> withoutScratch(Track track) {
    return track.onScratch()
        ? Optional.empty()
        : Optional.of("an interpreter and what it loads are most of a system");
  }

  /** Returns the images of a track, the naive one first. */
  public static List<Reference> of(Workbook workbook, Track track) {
    return workbook.solutions().isPresent() ? solved(track) : own(workbook, track);
  }

  private static List<Reference> solved(Track track) {
    List<Reference> references = new ArrayList<>();
    references.add(reference(track, NAIVE, "lab-01-naive", "Dockerfile"));
    switch (track) {
      case GO, PYTHON, RUST ->
          references.add(reference(track, "distroless", "lab-02-distroless", "Dockerfile"));
      case JAVA -> {
        references.add(reference(track, "distroless", "lab-02-distroless", "jib.yaml"));
        references.add(reference(track, "distroless-jlink", "lab-02-distroless", "Dockerfile"));
      }
    }
    if (track.onScratch()) {
      references.add(reference(track, "scratch", "lab-03-scratch", "Dockerfile"));
    }
    if (track == Track.JAVA) {
      references.add(
          new Reference(
              track,
              "scratch-native",
              Path.of("solutions", "lab-03-scratch", track.id(), "native", "Dockerfile"),
              true));
    }
    return references;
  }

  private static List<Reference> own(Workbook workbook, Track track) {
    List<Reference> references = new ArrayList<>();
    references.add(own(workbook, track, NAIVE, "lab-01-naive"));
    references.add(own(workbook, track, "distroless", "lab-02-distroless"));
    if (track.onScratch()) {
      references.add(own(workbook, track, "scratch", "lab-03-scratch"));
    }
    return references;
  }

  /**
   * Returns the service built with a C compiler at hand, which a diet has no place for; none in a
   * handout, nor of a track where that makes no difference.
   */
  public static Optional<Reference> cgo(Workbook workbook, Track track) {
    return Optional.of(track)
        .filter(it -> it == Track.GO && workbook.solutions().isPresent())
        .map(it -> reference(it, "cgo", "lab-02-distroless", "cgo/Dockerfile"));
  }

  private static Reference own(Workbook workbook, Track track, String variant, String lab) {
    Path recipe = Recipe.fileIn(workbook.root().resolve(lab).resolve(track.id()));
    return new Reference(track, variant, workbook.root().relativize(recipe), false);
  }

  private static Reference reference(Track track, String variant, String lab, String file) {
    return new Reference(track, variant, Path.of("solutions", lab, track.id(), file), false);
  }

  /** Returns the local name of the built image. */
  public String imageName() {
    return "three-image-diet/" + track.id() + ":" + variant;
  }

  /** Returns whether Jib builds it. */
  public boolean jib() {
    return recipe.getFileName().toString().equals(Recipe.JIB);
  }
}
