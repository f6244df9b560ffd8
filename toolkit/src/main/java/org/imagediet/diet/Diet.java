package org.imagediet.diet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.imagediet.archive.ArchiveException;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.archive.TransferSizes;
import org.imagediet.bases.Bases;
import org.imagediet.bases.ResolvedBase;
import org.imagediet.engine.BuildRequest;
import org.imagediet.engine.BuildResult;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.Progress;
import org.imagediet.engine.jib.BuildFileException;
import org.imagediet.engine.jib.JibBuild;
import org.imagediet.image.ContainerImage;
import org.imagediet.observation.Behaviour;
import org.imagediet.observation.Observer;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;
import org.imagediet.report.Bytes;
import org.imagediet.workbook.BuildContext;
import org.imagediet.workbook.DockerfileException;
import org.imagediet.workbook.JavaClasses;
import org.imagediet.workbook.Recipe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;

/** Builds the images to compare, reads each from one save, runs each beside one probe. */
public final class Diet {

  private final Workbook workbook;
  private final Engine engine;
  private final Bases bases;
  private final Progress progress;
  private final Predicate<Reference> compressed;
  private final ImageBuilder builder;
  private final TransferSizes sizeCache = TransferSizes.in(Caches.file("transfer-sizes.json"));
  private final Set<String> standIns = new LinkedHashSet<>();
  private final List<String> leftOut = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final boolean own;

  /** Prepares a diet on a workbook's solutions, or on what a handout has in their place. */
  public Diet(Workbook workbook, Engine engine, Bases bases, Progress progress) {
    this(workbook, engine, bases, progress, reference -> true);
  }

  /**
   * Prepares a diet on a workbook's solutions, or on what a handout has in their place.
   *
   * @param compressed of which images what a registry would send is measured; of a large one that
   *     takes longer than all else, and a {@link DietReport} shows it of all
   */
  public Diet(
      Workbook workbook,
      Engine engine,
      Bases bases,
      Progress progress,
      Predicate<Reference> compressed) {
    this.workbook = workbook;
    this.engine = engine;
    this.bases = bases;
    this.progress = progress;
    this.compressed = compressed;
    builder = ImageBuilder.choose(engine);
    own = workbook.solutions().isEmpty();
  }

  /**
   * Measures the images of some tracks. Of somebody's own images one that fails is told with the
   * others' results.
   *
   * @throws EnvironmentException when the machine lacks something
   * @throws DietException when a reference image does not build or does not answer
   */
  public DietResult run(List<Track> tracks) {
    for (Track track : tracks) {
      Reference.withoutScratch(track)
          .ifPresent(why -> leftOut.add(track.id() + " scratch, since " + why + "."));
    }
    return result(
        each(
            references(workbook, tracks),
            List.of(),
            (probe, reference, image) ->
                new Measurement(reference, image, observe(probe, reference, image))));
  }

  /** Looks at one image beside a probe. */
  @FunctionalInterface
  public interface Look<T> {
    /**
     * Looks at an image that was built, and read from its archive.
     *
     * @throws DietException when it does not answer
     */
    T at(Probe probe, Reference reference, ContainerImage image);
  }

  /**
   * Builds and reads images, and looks at each. Of somebody's own images one that fails is told by
   * {@link #circumstances}.
   *
   * @param others base images that looking at them takes, beside those that building them takes
   * @return what was seen of those that did not fail
   * @throws EnvironmentException when the machine lacks something
   * @throws DietException when a reference image does not build or does not answer
   */
  public <T> List<T> each(List<Reference> references, List<String> others, Look<T> look) {
    List<Reference> buildable = withBases(references, others);
    List<T> seen = new ArrayList<>();
    if (!buildable.isEmpty()) {
      try (Probe probe = startProbe()) {
        for (Reference reference : buildable) {
          try {
            build(reference);
            seen.add(look.at(probe, reference, read(reference)));
          } catch (DietException | ArchiveException e) {
            fail(reference, e);
          }
        }
      }
    }
    return seen;
  }

  /** Returns what has to be said beside what was seen: of which images, on what, what failed. */
  public DietResult circumstances() {
    return result(List.of());
  }

  /** Returns whether an image failed, which is somebody's own. */
  public boolean anyFailed() {
    return !failed.isEmpty();
  }

  private DietResult result(List<Measurement> measurements) {
    return new DietResult(
        own,
        List.copyOf(standIns),
        engine.description() + ", built with " + builder.description(),
        measurements,
        List.copyOf(leftOut),
        List.copyOf(failed));
  }

  private void fail(Reference reference, RuntimeException e) {
    if (!own) {
      throw e;
    }
    failed.add(
        "%s `mvn test -pl %s -Dtrack=%s` says more."
            .formatted(e.getMessage(), reference.recipe().getName(0), reference.track().id()));
  }

  private List<Reference> withBases(List<Reference> references, List<String> others) {
    Set<String> needed = new LinkedHashSet<>();
    List<Reference> buildable = new ArrayList<>();
    for (Reference reference : references) {
      List<String> names;
      try {
        names = basesOf(workbook, reference);
      } catch (DietException e) {
        fail(reference, e);
        continue;
      }
      if (reference.optional()) {
        Optional<String> missing =
            names.stream().filter(name -> engine.imageId(name).isEmpty()).findFirst();
        if (missing.isPresent()) {
          leftOut.add(
              "%s %s needs %s, which is not on this machine; `docker pull %s` and run again."
                  .formatted(
                      reference.track().id(), reference.variant(), missing.get(), missing.get()));
          continue;
        }
      }
      needed.addAll(names);
      buildable.add(reference);
    }
    needed.addAll(others);
    needed.add(Probe.BASE);
    for (ResolvedBase base : bases.ensure(needed, progress)) {
      if (base.standIn()) {
        standIns.add(base.name());
      }
    }
    return buildable;
  }

  /** Returns the base images that a diet of some tracks needs. */
  public static List<String> basesOf(Workbook workbook, List<Track> tracks) {
    Set<String> names = new LinkedHashSet<>(List.of(Probe.BASE));
    for (Reference reference : references(workbook, tracks)) {
      try {
        names.addAll(reference.optional() ? List.of() : basesOf(workbook, reference));
      } catch (DietException e) {
        // What cannot be read needs no base; the diet itself says so.
      }
    }
    return List.copyOf(names);
  }

  private static List<Reference> references(Workbook workbook, List<Track> tracks) {
    return tracks.stream().flatMap(track -> Reference.of(workbook, track).stream()).toList();
  }

  private static List<String> basesOf(Workbook workbook, Reference reference) {
    Path recipe = workbook.root().resolve(reference.recipe());
    try {
      return Recipe.read(recipe, reference.recipe().toString()).images();
    } catch (IOException e) {
      if (workbook.solutions().isEmpty()) {
        throw unbuildable(reference, e);
      }
      throw new EnvironmentException(
          "The workbook is incomplete: %s cannot be read; check it out again.".formatted(recipe),
          e);
    } catch (DockerfileException | BuildFileException e) {
      throw unbuildable(reference, e);
    }
  }

  private static DietException unbuildable(Reference reference, Exception e) {
    return new DietException(
        "The image %s does not build: %s".formatted(label(reference), e.getMessage()));
  }

  private Probe startProbe() {
    try (Progress.Task task = progress.begin("start the probe container")) {
      Probe probe = Probe.start(engine, Probe.BASE);
      task.done("");
      return probe;
    }
  }

  private void build(Reference reference) {
    Optional<String> before = engine.imageId(reference.imageName());
    try (Progress.Task task = progress.begin("build " + label(reference))) {
      String id = reference.jib() ? buildWithJib(reference) : buildDockerfile(reference, task);
      // The image this name had before is nobody's now.
      before.filter(old -> !old.equals(id)).ifPresent(engine::untag);
      task.done(before.equals(Optional.of(id)) ? "unchanged" : "");
    }
  }

  private String buildDockerfile(Reference reference, Progress.Task task) {
    try (BuildContext context = context(reference)) {
      BuildRequest request =
          BuildRequest.of(context.path(), reference.imageName())
              .cacheNamespace(workbook.cacheNamespace());
      BuildResult result = builder.build(request, task::detail);
      return result.imageId().orElseThrow(() -> new DietException(problem(reference, result)));
    }
  }

  private String problem(Reference reference, BuildResult result) {
    String problem =
        "The image %s does not build%s:"
            .formatted(label(reference), result.stopped().map(why -> ", and " + why).orElse(""));
    List<String> lines = result.lastLines();
    return own
        ? problem + " " + (lines.isEmpty() ? "" : lines.get(lines.size() - 1)) + "."
        : problem + "\n" + String.join("\n", lines);
  }

  private BuildContext context(Reference reference) {
    try {
      return BuildContext.of(
          workbook.service(reference.track()), workbook.root().resolve(reference.recipe()));
    } catch (IllegalArgumentException e) {
      throw unbuildable(reference, e);
    }
  }

  private String buildWithJib(Reference reference) {
    Path recipe = workbook.root().resolve(reference.recipe());
    try (BuildContext context = context(reference)) {
      JavaClasses.compile(context.path());
      return new JibBuild(engine)
          .build(Files.readString(recipe), context.path(), reference.imageName());
    } catch (BuildFileException e) {
      throw unbuildable(reference, e);
    } catch (IOException e) {
      throw new EnvironmentException(recipe + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private ContainerImage read(Reference reference) {
    try (Progress.Task task = progress.begin("read " + label(reference));
        InputStream archive = engine.save(reference.imageName())) {
      ReadOptions options =
          ReadOptions.defaults()
              .name(reference.imageName())
              .expecting(engine.layers(reference.imageName()));
      if (compressed.test(reference)) {
        options = options.transferSizes(sizeCache);
      }
      ContainerImage image = ImageArchive.read(archive, options);
      task.done(Bytes.megabytes(image.sizes().unpackedBytes()));
      return image;
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while saving an image; run again.", e);
    }
  }

  private Behaviour observe(Probe probe, Reference reference, ContainerImage image) {
    try (Progress.Task task = progress.begin("run " + label(reference))) {
      Behaviour behaviour = new Observer(probe, reference.imageName(), image).behaviour();
      task.done("first answer after " + behaviour.firstAnswer().toMillis() + " ms");
      return behaviour;
    } catch (NoAnswerException e) {
      throw new DietException(
          "The image " + label(reference) + " does not work: " + e.getMessage() + ".");
    }
  }

  private static String label(Reference reference) {
    return reference.track().id() + " " + reference.variant();
  }
}
