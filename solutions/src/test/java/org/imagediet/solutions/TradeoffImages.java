package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.imagediet.archive.ReadOptions;
import org.imagediet.archive.TransferSizes;
import org.imagediet.bases.Bases;
import org.imagediet.diet.Diet;
import org.imagediet.diet.Reference;
import org.imagediet.engine.BuildRequest;
import org.imagediet.engine.BuildResult;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Engine;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.Images;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;
import org.imagediet.image.ContainerImage;
import org.imagediet.workbook.BuildContext;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;

/**
 * The images that the page on trade-offs speaks of: the solutions', as they are or with one thing
 * changed, and those of a Dockerfile of its own. Each is built when it is first asked for.
 */
final class TradeoffImages {

  /** Has a busybox beside what the distroless image for static programs has. */
  static final String WITH_SHELL = "gcr.io/distroless/static-debian13:debug-nonroot";

  private static final String PACKER = "debian:trixie-slim";

  private final Workbook workbook = Workbook.find();
  private final Engine engine;
  private final ImageBuilder builder;
  private final TransferSizes sizeCache = TransferSizes.in(Caches.file("transfer-sizes.json"));
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, ContainerImage> contents = new HashMap<>();

  TradeoffImages(Engine engine) {
    this.engine = engine;
    builder = ImageBuilder.choose(engine);
    List<String> bases = new ArrayList<>(Diet.basesOf(workbook, List.of(Track.values())));
    bases.addAll(List.of(WITH_SHELL, PACKER));
    Bases.standard(engine).ensure(bases, Progress.SILENT);
  }

  /** Builds a reference image; returns its name. */
  String reference(Track track, String variant) {
    return named(
        track.id() + "-" + variant,
        name -> buildReference(track, variant, Optional.empty(), text -> text, name));
  }

  /** Builds one stage of a reference image; returns its name. */
  String stage(Track track, String variant, String stage) {
    return named(
        track.id() + "-" + variant + "-" + stage,
        name -> buildReference(track, variant, Optional.of(stage), text -> text, name));
  }

  /** Builds a reference image with one word of its Dockerfile changed; returns its name. */
  String changed(Track track, String variant, String word, String other) {
    return named(
        track.id() + "-" + variant + "-" + other,
        name ->
            buildReference(
                track,
                variant,
                Optional.empty(),
                text -> {
                  assertThat(text).containsOnlyOnce(" " + word + " ");
                  return text.replace(" " + word + " ", " " + other + " ");
                },
                name));
  }

  /** Builds a stage of the page's own Dockerfile; returns its name. */
  String made(String stage) {
    return named(stage, name -> buildOwn(stage, name));
  }

  /** Reads an image, with its transfer size. */
  ContainerImage content(String name) {
    return contents.computeIfAbsent(
        name,
        key -> Images.of(engine, key, ReadOptions.defaults().transferSizes(sizeCache).name(key)));
  }

  private interface Build {
    BuildResult as(String name);
  }

  private String named(String what, Build build) {
    // Not computeIfAbsent, since one image may be made of another.
    String known = names.get(what);
    if (known != null) {
      return known;
    }
    String name = engine.temporaryName("tradeoffs-" + what);
    BuildResult result = build.as(name);
    assertThat(result.succeeded()).as(String.join("\n", result.lastLines())).isTrue();
    names.put(what, name);
    return name;
  }

  private BuildResult buildReference(
      Track track,
      String variant,
      Optional<String> stage,
      UnaryOperator<String> change,
      String name) {
    Reference reference =
        Reference.of(workbook, track).stream()
            .filter(one -> one.variant().equals(variant))
            .findFirst()
            .orElseThrow();
    try (BuildContext context =
        BuildContext.of(workbook.service(track), workbook.root().resolve(reference.recipe()))) {
      Path dockerfile = context.path().resolve("Dockerfile");
      Files.writeString(dockerfile, change.apply(Files.readString(dockerfile)));
      BuildRequest request =
          BuildRequest.of(context.path(), name).cacheNamespace(workbook.cacheNamespace());
      return builder.build(stage.map(request::target).orElse(request), line -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BuildResult buildOwn(String stage, String name) {
    try (TempFolder context = TempFolder.create();
        InputStream dockerfile = TradeoffImages.class.getResourceAsStream("tradeoffs/Dockerfile")) {
      Files.copy(dockerfile, context.path().resolve("Dockerfile"));
      return builder.build(
          BuildRequest.of(context.path(), name)
              .target(stage)
              .argument("DISTROLESS", reference(Track.GO, "distroless"))
              .argument("SCRATCH", reference(Track.GO, "scratch"))
              .argument("JAVA", reference(Track.JAVA, "scratch")),
          line -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
