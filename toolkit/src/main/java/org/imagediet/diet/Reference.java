package org.imagediet.diet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imagediet.workbook.Track;

/**
 * A reference image: one service, one way to put it into an image.
 *
 * @param variant its name in tables and in {@code diet.json}
 * @param recipe a Dockerfile or a {@code jib.yaml}, relative to the workbook
 * @param optional left out, with a word, where its base images cannot be had
 */
public record Reference(Track track, String variant, Path recipe, boolean optional) {

  /** Returns the reference images of a track, the naive one first. */
  public static List<Reference> of(Track track) {
    List<Reference> references = new ArrayList<>();
    references.add(reference(track, "naive", "lab-01-naive", "Dockerfile"));
    switch (track) {
      case GO -> references.add(reference(track, "distroless", "lab-02-distroless", "Dockerfile"));
      case JAVA -> {
        references.add(reference(track, "distroless", "lab-02-distroless", "jib.yaml"));
        references.add(reference(track, "distroless-jlink", "lab-02-distroless", "Dockerfile"));
      }
    }
    references.add(reference(track, "scratch", "lab-03-scratch", "Dockerfile"));
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

  private static Reference reference(Track track, String variant, String lab, String file) {
    return new Reference(track, variant, Path.of("solutions", lab, track.id(), file), false);
  }

  /** Returns the local name of the built image. */
  public String imageName() {
    return "three-image-diet/" + track.id() + ":" + variant;
  }

  /** Returns whether Jib builds it. */
  public boolean jib() {
    return recipe.getFileName().toString().equals("jib.yaml");
  }
}
