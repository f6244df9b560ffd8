package org.imagediet.variants;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.imagediet.archive.ReadOptions;
import org.imagediet.bases.Bases;
import org.imagediet.bases.Variant;
import org.imagediet.diet.Diet;
import org.imagediet.diet.DietException;
import org.imagediet.diet.Reference;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Images;
import org.imagediet.engine.Progress;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Layer;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Observer;
import org.imagediet.observation.Once;
import org.imagediet.observation.OwnFiles;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;

/**
 * Tries programs on every distroless variant: each is built once, and its own files are put on each
 * variant and run there as nobody special, read-only and without capabilities.
 */
public final class Variants {

  private static final String NOBODY_SPECIAL = "65532:65532";

  private final Workbook workbook;
  private final Engine engine;
  private final Progress progress;
  private final Diet diet;
  private final List<Variant> variants;
  private final Once<List<Base>> bases = Once.of(this::readBases);

  /** A variant that was read. */
  private record Base(Variant variant, ContainerImage image) {
    long bytes() {
      return image.sizes().unpackedBytes();
    }
  }

  /** Prepares to try the solutions' programs, or in a handout whoever's it is. */
  public Variants(Workbook workbook, Engine engine, Bases bases, Progress progress) {
    this.workbook = workbook;
    this.engine = engine;
    this.progress = progress;
    diet = new Diet(workbook, engine, bases, progress, reference -> false);
    variants = bases.catalogue().variants();
  }

  /**
   * Tries the programs of some tracks.
   *
   * @throws org.imagediet.engine.EnvironmentException when the machine lacks something
   * @throws DietException when a reference image does not build
   */
  public VariantsResult run(List<Track> tracks) {
    List<Program> programs =
        diet.each(
            tracks.stream().flatMap(track -> programs(workbook, track).stream()).toList(),
            variants.stream().map(Variant::image).toList(),
            this::tried);
    return new VariantsResult(diet.circumstances(), programs);
  }

  /** The images of a track that are made for distroless. */
  static List<Reference> programs(Workbook workbook, Track track) {
    List<Reference> programs =
        new ArrayList<>(
            Reference.of(workbook, track).stream()
                .filter(reference -> reference.variant().startsWith("distroless"))
                .toList());
    Reference.cgo(workbook, track).ifPresent(programs::add);
    return programs;
  }

  private List<Base> readBases() {
    try (Progress.Task task = progress.begin("read the variants")) {
      List<Base> read =
          variants.stream()
              .map(
                  variant -> {
                    task.detail(variant.flavour());
                    return new Base(
                        variant, Images.of(engine, variant.image(), ReadOptions.defaults()));
                  })
              .sorted(Comparator.comparingLong(Base::bytes))
              .toList();
      task.done("");
      return read;
    }
  }

  private Program tried(Probe probe, Reference reference, ContainerImage image) {
    Optional<Base> own =
        bases.get().stream()
            .filter(base -> image.standsOn(diffIds(base.image())))
            .max(Comparator.comparingInt(base -> base.image().layers().size()));
    if (own.isEmpty() && !image.packages().isEmpty()) {
      throw new DietException(
          "The image %s stands on no distroless variant, so its own files cannot be moved to one."
              .formatted(reference.imageName()));
    }
    int baseLayers = own.map(base -> base.image().layers().size()).orElse(0);
    OwnFiles files = OwnFiles.of(image, baseLayers);
    List<Trial> trials = new ArrayList<>();
    try (Progress.Task task = progress.begin("try " + Program.label(reference));
        Container source = engine.create(ContainerSpec.image(reference.imageName()).build());
        OwnFiles.Taken taken = files.takenFrom(source)) {
      for (Base base : bases.get()) {
        task.detail("on " + base.variant().flavour());
        trials.add(on(base, probe, files, taken));
      }
      task.done(
          "works on %d of %d"
              .formatted(
                  trials.stream().filter(trial -> trial.seen().works()).count(), trials.size()));
    }
    return new Program(
        reference, asksFor(image, baseLayers), own.map(Base::variant), List.copyOf(trials));
  }

  private static List<String> diffIds(ContainerImage image) {
    return image.layers().stream().map(Layer::diffId).toList();
  }

  private Trial on(Base base, Probe probe, OwnFiles files, OwnFiles.Taken taken) {
    ContainerImage laid = files.on(base.image());
    String name = engine.temporaryName("on-" + base.variant().flavour());
    Observation seen;
    Optional<Lack> lack = Optional.empty();
    try {
      // An image of its own, since nothing can be copied into a container that is read-only.
      try (Container target = engine.create(files.spec(base.variant().image()).build())) {
        taken.into(target);
        target.commit(name);
      }
      seen =
          new Observer(
                  probe, laid, options -> probe.create(confined(options.apply(files.spec(name)))))
              .work();
    } catch (NoAnswerException e) {
      seen = Observation.fails(e.getMessage());
      lack = Lack.of(laid, e.getMessage());
    } finally {
      engine.untag(name);
    }
    return new Trial(base.variant(), base.bytes(), laid.sizes().unpackedBytes(), seen, lack);
  }

  /** As strict as a platform may be; what it gives to such a container is a place for files. */
  static ContainerSpec.Builder confined(ContainerSpec.Builder spec) {
    return spec.user(NOBODY_SPECIAL).readOnly().unprivileged().tmpfs("/tmp", "");
  }

  /**
   * What an image's own files ask its base for: the program that it starts, loaders by their paths
   * and libraries by their names.
   */
  static List<String> asksFor(ContainerImage image, int baseLayers) {
    List<FileEntry> own =
        image.files().entries().stream().filter(entry -> entry.layer() >= baseLayers).toList();
    Set<String> asked = new LinkedHashSet<>();
    if (image.entrypointProgram().filter(program -> program.layer() >= baseLayers).isEmpty()) {
      image.config().argv().stream().findFirst().ifPresent(asked::add);
    }
    Set<String> loaders = new TreeSet<>();
    Set<String> libraries = new TreeSet<>();
    for (FileEntry entry : own) {
      Optional<ElfFile> elf = entry.content().flatMap(Content::elf);
      elf.flatMap(ElfFile::interpreter).ifPresent(loaders::add);
      elf.ifPresent(file -> libraries.addAll(file.needed()));
    }
    // A library may name the loader, which is there when it is asked.
    loaders.forEach(loader -> libraries.remove(name(loader)));
    for (FileEntry entry : own) {
      loaders.remove(entry.path());
      libraries.remove(name(entry.path()));
    }
    asked.addAll(loaders);
    asked.addAll(libraries);
    return List.copyOf(asked);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
