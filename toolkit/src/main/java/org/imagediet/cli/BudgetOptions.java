package org.imagediet.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.imagediet.archive.ArchiveException;
import org.imagediet.archive.ReadOptions;
import org.imagediet.archive.TransferSizes;
import org.imagediet.bases.Bases;
import org.imagediet.budget.Base;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.Budget;
import org.imagediet.budget.BudgetFile;
import org.imagediet.budget.BudgetSettings;
import org.imagediet.budget.SizeKind;
import org.imagediet.budget.Snapshot;
import org.imagediet.budget.Units;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Layer;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The options that both budget commands have, and how they measure an image. */
final class BudgetOptions {

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--baseline",
      required = true,
      paramLabel = "FILE",
      description = "The file with the sizes to compare with, which is committed.")
  private Path baseline = Path.of("baseline.json");

  @Option(
      names = "--max-growth",
      paramLabel = "PERCENT",
      converter = Percentage.class,
      description = "By how much an image may grow; default 5%%.")
  private Optional<BigDecimal> maxGrowth = Optional.empty();

  @Option(
      names = "--floor",
      paramLabel = "SIZE",
      converter = Size.class,
      description = "Growth of so many bytes is always allowed, such as 100kB; default 0.")
  private Optional<Long> floor = Optional.empty();

  @Option(
      names = "--ceiling",
      paramLabel = "SIZE",
      converter = Ceiling.class,
      description = "No image may be larger, however slowly it grew, such as 20MB; default none.")
  private Optional<Long> ceiling = Optional.empty();

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = Sizes.class,
      description =
          "unpacked (the files of all layers), transfer (compressed, which takes time) or both;"
              + " default unpacked.")
  private Optional<Set<SizeKind>> sizes = Optional.empty();

  @Option(
      names = "--budget",
      paramLabel = "FILE",
      description =
          "Take max-growth, floor, ceiling and sizes from a YAML file, for all images or below"
              + " `images: NAME:` for one; options win.")
  private Optional<Path> budget = Optional.empty();

  @Option(
      names = "--name",
      description = "The image's name in the baseline; default its own, without the tag.")
  private Optional<String> name = Optional.empty();

  @Option(names = "--image", description = "Which image, of an archive with several.")
  private Optional<String> image = Optional.empty();

  @Option(names = "--platform", description = "Which platform, such as linux/arm64.")
  private Optional<String> platform = Optional.empty();

  @Option(
      names = "--base",
      paramLabel = "IMAGE|FILE.tar",
      description =
          "A base image that it may stand on, or scratch; may be repeated. With it, a base's growth"
              + " is told apart from the image's own.")
  private List<String> bases = List.of();

  /**
   * An image that was read.
   *
   * @param name its name in the baseline
   * @param bases the images it may stand on
   */
  record Measured(String name, ContainerImage image, List<Base> bases) {

    /** Returns what it stands on, where that is known. */
    Optional<Base> base(Optional<Snapshot> before) {
      List<Base> known = new ArrayList<>(bases);
      before.flatMap(Snapshot::base).ifPresent(known::add);
      return Base.find(image, known);
    }
  }

  Path baseline() {
    return baseline;
  }

  /** Reads the settings, or complains of wrong usage. */
  BudgetFile budgetFile() {
    try {
      return budget.isPresent() ? BudgetFile.read(budget.get()) : BudgetFile.empty();
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  String budgetName() {
    return budget.map(Path::toString).orElse("");
  }

  Budget budget(BudgetFile file, String imageName) {
    return settings(file.of(imageName)).budget();
  }

  private BudgetSettings settings(BudgetSettings others) {
    return new BudgetSettings(maxGrowth, floor, ceiling, sizes).or(others);
  }

  void requireOne(List<String> subjects) {
    if (subjects.size() > 1 && (name.isPresent() || image.isPresent())) {
      throw wrong(
          "%s is for one image, and there are %d"
              .formatted(name.isPresent() ? "--name" : "--image", subjects.size()));
    }
  }

  ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /**
   * Reads an image.
   *
   * @param known the baseline, whose transfer sizes need not be computed again
   * @param keep whether to measure whatever the baseline has
   */
  Measured measure(String subject, Baseline known, BudgetFile file, boolean keep) {
    name.ifPresent(this::requireName);
    ImageSource source = new ImageSource(subject);
    List<Base> named = new ArrayList<>();
    try {
      for (String base : bases) {
        named.add(base(base));
      }
      ReadOptions options = readOptions(known, transfer(source, known, file, keep));
      if (source.archive()) {
        ContainerImage read = source.read(image, options);
        return new Measured(nameOf(read, Optional.empty(), subject), read, named);
      }
      return source.read(
          options,
          (engine, read) -> {
            List<Base> all = new ArrayList<>(named);
            all.addAll(Base.of(Bases.standard(engine).localLayers()));
            return new Measured(nameOf(read, Baseline.nameOf(subject), subject), read, all);
          });
    } catch (ArchiveException e) {
      // Nothing was measured: neither good nor bad.
      throw new EnvironmentException(e.getMessage(), e);
    }
  }

  private ReadOptions readOptions(Baseline known, boolean transfer) {
    ReadOptions options = ReadOptions.defaults();
    if (transfer) {
      Map<String, Long> given = new HashMap<>();
      snapshots(known).forEach(snapshot -> given.putAll(snapshot.transferSizes()));
      options =
          options.comparableTransferSizes(
              TransferSizes.in(Caches.file("transfer-sizes.json"), given));
    }
    return platform.isPresent() ? options.platform(platform.get()) : options;
  }

  private static Stream<Snapshot> snapshots(Baseline known) {
    return known.names().stream().flatMap(one -> known.find(one).stream());
  }

  /** Whether the transfer size is needed, or may be as long as an archive's name is not known. */
  private boolean transfer(ImageSource source, Baseline known, BudgetFile file, boolean keep) {
    Optional<String> sure =
        name.or(() -> source.archive() ? Optional.empty() : Baseline.nameOf(source.subject()));
    if (sure.isPresent()) {
      return transfer(sure.get(), known, file, keep);
    }
    return Stream.of(known.names(), file.names(), Set.of(""))
        .flatMap(Set::stream)
        .anyMatch(one -> transfer(one, known, file, keep));
  }

  /** Whether the transfer size of an image is needed. */
  boolean transfer(String imageName, Baseline known, BudgetFile file, boolean keep) {
    return budget(file, imageName).sizes().contains(SizeKind.TRANSFER)
        || keep && known.find(imageName).filter(s -> s.transferBytes().isPresent()).isPresent();
  }

  private String nameOf(ContainerImage read, Optional<String> asked, String subject) {
    return name.or(() -> asked)
        .or(() -> Baseline.nameOf(read.name()))
        .orElseThrow(
            () ->
                wrong(
                    "%s has no name to find it by in the baseline; give --name"
                        .formatted(subject)));
  }

  private void requireName(String wanted) {
    try {
      Baseline.requireName(wanted);
    } catch (IllegalArgumentException e) {
      throw wrong("--name: " + e.getMessage());
    }
  }

  private static Base base(String subject) {
    if (subject.equals(Base.SCRATCH.name())) {
      return Base.SCRATCH;
    }
    ImageSource source = new ImageSource(subject);
    if (source.archive()) {
      ContainerImage read = source.read(Optional.empty(), ReadOptions.defaults());
      String file = Path.of(subject).getFileName().toString();
      return new Base(
          read.name().isEmpty()
              ? file.replaceAll("[^A-Za-z0-9.]+", "-").replaceFirst("^[-.]+", "")
              : read.name(),
          read.layers().stream().map(Layer::diffId).toList());
    }
    try (Engine engine = EngineSession.open(ConsoleProgress.standard(), false)) {
      List<String> layers = engine.layers(subject);
      if (layers.isEmpty()) {
        throw new ArchiveException(
            "There is neither a file nor a local image %s; pull it first.".formatted(subject));
      }
      return new Base(subject, layers);
    }
  }

  /** Returns the command that puts an image into the baseline. */
  String updateCommand(String subject) {
    return "./lab budget update %s --baseline %s%s%s"
        .formatted(
            word(subject),
            word(baseline.toString()),
            name.map(one -> " --name " + word(one)).orElse(""),
            budget.map(one -> " --budget " + word(one.toString())).orElse(""));
  }

  private static String word(String text) {
    return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private abstract static class Converter<T> implements ITypeConverter<T> {
    private final Function<String, T> reader;

    Converter(Function<String, T> reader) {
      this.reader = reader;
    }

    @Override
    public T convert(String value) {
      try {
        return reader.apply(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Reads a percentage. */
  static final class Percentage extends Converter<BigDecimal> {
    Percentage() {
      super(Units::percentage);
    }
  }

  /** Reads a size. */
  static final class Size extends Converter<Long> {
    Size() {
      super(Units::bytes);
    }
  }

  /** Reads a ceiling. */
  static final class Ceiling extends Converter<Long> {
    Ceiling() {
      super(BudgetSettings::ceiling);
    }
  }

  /** Reads which sizes are compared. */
  static final class Sizes extends Converter<Set<SizeKind>> {
    Sizes() {
      super(BudgetSettings::sizes);
    }
  }
}
