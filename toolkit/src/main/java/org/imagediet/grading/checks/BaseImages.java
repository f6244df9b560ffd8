package org.imagediet.grading.checks;

import java.util.List;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Layer;

/** What an image stands on, by its layers and never by what its Dockerfile says. */
public final class BaseImages {

  private static final String DISTROLESS = "gcr.io/distroless/";

  private BaseImages() {}

  /** Its lowest layers are those of {@code ubuntu:24.04}. */
  public static Verdict ubuntu(Bench bench) {
    return bench.base().startsWith("ubuntu:")
        ? Verdict.pass("its lowest layers are those of " + bench.base().names().get(0))
        : Verdict.fail(stands(bench.base()), "What does the first line of the Dockerfile name?");
  }

  /** Its lowest layers are those of a distroless image. */
  public static Verdict distroless(Bench bench) {
    return bench.base().startsWith(DISTROLESS)
        ? Verdict.pass("its lowest layers are those of " + bench.base().names().get(0))
        : Verdict.fail(stands(bench.base()), "What is the last stage's FROM?");
  }

  private static String stands(Bench.BaseMatch base) {
    return base.names().isEmpty()
        ? "its lowest layers are those of no base image that the labs know"
        : "its lowest layers are those of " + base.names().get(0);
  }

  /** Nothing is below it, and no system was copied into it. */
  public static Verdict scratch(Bench bench) {
    if (!bench.base().names().isEmpty()) {
      return Verdict.fail(stands(bench.base()), "What is the last stage's FROM?");
    }
    for (Layer layer : bench.image().layers()) {
      for (FileEntry entry : layer.entries()) {
        if (system(entry.path())) {
          return Verdict.fail(
              "%s belongs to a whole system, which layer %d brings in: %s"
                  .formatted(entry.path(), layer.index() + 1, layer.instruction()),
              "Which of the files that are copied does the service read?");
        }
      }
    }
    return Verdict.pass("it stands on nothing, and holds no system's files");
  }

  private static boolean system(String path) {
    return List.of(
                "/etc/os-release",
                "/usr/lib/os-release",
                "/etc/debian_version",
                "/etc/alpine-release")
            .contains(path)
        || path.startsWith("/var/lib/dpkg/")
        || path.startsWith("/lib/apk/")
        || path.startsWith("/var/lib/rpm/");
  }
}
