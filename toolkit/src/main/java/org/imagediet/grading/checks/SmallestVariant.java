package org.imagediet.grading.checks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.imagediet.bases.Variant;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.observation.Observer;
import org.imagediet.observation.OwnFiles;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.report.Bytes;

/**
 * Whether a smaller distroless variant would do: the submission's own files are put on each smaller
 * one, and the service is asked to do its work there.
 */
public final class SmallestVariant {

  private static final List<String> VARIANTS =
      List.of("static", "base-nossl", "base", "cc", "java-base");

  private static final long MOST_OWN_BYTES = 2_000_000_000L;

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
                    Variant.noticeablySmaller(engine.size(name), size)
                        && !bench.base().names().contains(name))
            .filter(name -> !sameFiles(engine, name, base))
            .sorted(Comparator.comparingLong(engine::size))
            .toList();
    if (smaller.isEmpty()) {
      return Verdict.pass("there is no smaller variant than " + base);
    }
    OwnFiles own = OwnFiles.of(bench.image(), bench.base().layers());
    if (own.bytes() > MOST_OWN_BYTES) {
      // They are kept on this machine while they are tried.
      return Verdict.fail(
          "beside its base the image has %s, too much to try on a smaller one"
              .formatted(Bytes.megabytes(own.bytes())),
          "What in it is so large? `./lab inspect` says.");
    }
    List<String> refused = new ArrayList<>();
    try (Container source = engine.create(ContainerSpec.image(bench.release()).build());
        OwnFiles.Taken taken = own.takenFrom(source)) {
      for (String variant : smaller) {
        Optional<String> problem = problemOn(bench, variant, own, taken);
        if (problem.isEmpty()) {
          return Verdict.fail(
              "the service also works on %s, which is %s smaller than %s"
                  .formatted(variant, Bytes.megabytes(size - engine.size(variant)), base),
              "What does the binary ask for when it starts? `./lab inspect` says.");
        }
        refused.add(variant.replaceFirst(".*/", "").replaceFirst("-debian13.*", ""));
      }
    }
    return Verdict.pass("it does not work on the smaller ones: " + String.join(", ", refused));
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

  private static Optional<String> problemOn(
      Bench bench, String variant, OwnFiles own, OwnFiles.Taken taken) {
    Observer observer =
        new Observer(
            bench.laboratory().probe(),
            bench.image(),
            options -> moved(bench, taken, options.apply(own.spec(variant))));
    try {
      if (!observer.work().works()) {
        return Optional.of(observer.work().evidence());
      }
      if (!bench.submission().track().speaksTls()) {
        return Optional.empty();
      }
      return observer.trusting().firstServer().works() ? Optional.empty() : Optional.of("no TLS");
    } catch (NoAnswerException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** A container of the variant with the submission's own files in it. */
  private static Container moved(Bench bench, OwnFiles.Taken taken, ContainerSpec.Builder spec) {
    Container target = bench.laboratory().probe().create(spec);
    try {
      taken.into(target);
      return target;
    } catch (RuntimeException e) {
      target.close();
      throw e;
    }
  }
}
