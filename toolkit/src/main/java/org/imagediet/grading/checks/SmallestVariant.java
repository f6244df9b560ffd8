package org.imagediet.grading.checks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.observation.Observer;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.report.Bytes;

/**
 * Whether a smaller distroless variant would do: the submission's own files are put on each smaller
 * one, and the service is asked to do its work there.
 */
public final class SmallestVariant {

  private static final List<String> VARIANTS =
      List.of("static", "base-nossl", "base", "cc", "java-base");

  /** Variants of about the same size, such as cc and java-base, are told apart by purpose. */
  private static final double NOTICEABLE = 0.1;

  private SmallestVariant() {}

  private static String image(String variant) {
    return "gcr.io/distroless/" + variant + "-debian13:nonroot";
  }

  /** No smaller variant carries the service as well. */
  public static Verdict chosen(Bench bench) {
    Engine engine = bench.laboratory().engine();
    String base = bench.base().names().get(0);
    long size = engine.size(base);
    bench
        .laboratory()
        .ensure(
            VARIANTS.stream().map(SmallestVariant::image).filter(n -> likely(bench, n)).toList());
    List<String> smaller =
        VARIANTS.stream()
            .map(SmallestVariant::image)
            .filter(name -> engine.imageId(name).isPresent())
            .filter(
                name ->
                    engine.size(name) < (1 - NOTICEABLE) * size
                        && !bench.base().names().contains(name))
            .filter(name -> !sameFiles(engine, name, base))
            .sorted(Comparator.comparingLong(engine::size))
            .toList();
    List<String> refused = new ArrayList<>();
    for (String variant : smaller) {
      Optional<String> problem = problemOn(bench, variant);
      if (problem.isEmpty()) {
        return Verdict.fail(
            "the service also works on %s, which is %s smaller than %s"
                .formatted(variant, Bytes.megabytes(size - engine.size(variant)), base),
            "What does the binary ask for when it starts? `./lab inspect` says.");
      }
      refused.add(variant.replaceFirst(".*/", "").replaceFirst("-debian13.*", ""));
    }
    return Verdict.pass(
        smaller.isEmpty()
            ? "there is no smaller variant than " + base
            : "it does not work on the smaller ones: " + String.join(", ", refused));
  }

  /** A stand-in that nobody has made yet is worth making only if it is smaller than the base. */
  private static boolean likely(Bench bench, String name) {
    List<String> order = VARIANTS.stream().map(SmallestVariant::image).toList();
    String flavour =
        bench.base().names().get(0).replaceFirst(".*/", "").replaceFirst("(-debian13)?:.*", "");
    int own = VARIANTS.indexOf(flavour);
    return own < 0 || order.indexOf(name) < own;
  }

  /** A debug variant is larger by its shell only; the plain one is no other choice of a variant. */
  private static boolean sameFiles(Engine engine, String variant, String base) {
    List<String> below = engine.layers(variant);
    List<String> layers = engine.layers(base);
    return base.contains(":debug")
        && layers.size() > below.size()
        && layers.subList(0, below.size()).equals(below);
  }

  private static Optional<String> problemOn(Bench bench, String variant) {
    Observer observer =
        new Observer(
            bench.laboratory().probe(),
            bench.image(),
            options -> moved(bench, variant, options.apply(spec(bench.image(), variant))));
    try {
      if (!observer.asItIs().timeZones().works()) {
        return Optional.of("no time zones");
      }
      if (!observer.asItIs().tempFiles().works()) {
        return Optional.of("no temporary files");
      }
      return observer.trusting().firstServer().works() ? Optional.empty() : Optional.of("no TLS");
    } catch (NoAnswerException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static ContainerSpec.Builder spec(ContainerImage image, String variant) {
    ContainerSpec.Builder spec =
        ContainerSpec.image(variant).entrypoint(image.config().argv().toArray(String[]::new));
    image.config().environment().forEach(spec::environment);
    if (!image.config().user().isEmpty()) {
      spec.user(image.config().user());
    }
    if (!image.config().workingDirectory().isEmpty()) {
      spec.workingDirectory(image.config().workingDirectory());
    }
    return spec;
  }

  /** A container of the variant with the submission's own files in it. */
  private static Container moved(Bench bench, String variant, ContainerSpec.Builder spec) {
    Container target = bench.laboratory().probe().create(spec);
    try (Container source =
        bench.laboratory().engine().create(ContainerSpec.image(bench.release()).build())) {
      Own own = Own.of(bench.image(), bench.base().layers());
      target.copyIn("/", folders(own.folders(), bench.image()));
      for (String path : own.roots()) {
        try (InputStream files = source.copyOut(path)) {
          int slash = path.lastIndexOf('/');
          target.copyIn(slash == 0 ? "/" : path.substring(0, slash), files);
        }
      }
      return target;
    } catch (IOException | RuntimeException e) {
      target.close();
      throw e instanceof RuntimeException unchecked
          ? unchecked
          : new EnvironmentException("The engine broke off while copying files; run again.", e);
    }
  }

  private static ByteArrayInputStream folders(Set<String> folders, ContainerImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (String folder : folders) {
        TarArchiveEntry entry = new TarArchiveEntry(folder.substring(1) + "/");
        image.files().get(folder).ifPresent(known -> entry.setMode(known.mode() & 07777));
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  /**
   * What a submission adds to its base.
   *
   * @param roots paths that, with all below them, are its own
   * @param folders the folders above those, the outermost first
   */
  private record Own(Set<String> roots, Set<String> folders) {

    static Own of(ContainerImage image, int baseLayers) {
      List<FileEntry> entries = List.copyOf(image.files().entries());
      Set<String> shared =
          entries.stream()
              .filter(entry -> entry.layer() < baseLayers)
              .flatMap(entry -> above(entry.path()).stream())
              .collect(Collectors.toSet());
      Set<String> roots = new LinkedHashSet<>();
      Set<String> folders = new TreeSet<>();
      for (FileEntry entry : entries) {
        boolean own = entry.layer() >= baseLayers && !shared.contains(entry.path());
        if (own && above(entry.path()).stream().noneMatch(roots::contains)) {
          roots.add(entry.path());
          folders.addAll(above(entry.path()));
        }
      }
      return new Own(roots, folders);
    }

    /** The folders that a path lies in, without the root. */
    private static List<String> above(String path) {
      List<String> folders = new ArrayList<>();
      for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
        folders.add(path.substring(0, slash));
      }
      return folders;
    }
  }
}
