package org.imagediet.bases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.ImageName;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;

/** Sees to it that base images are local: as they are, else pulled, else by a stand-in. */
public final class Bases {

  /** The label of a stand-in. */
  public static final String STAND_IN = "org.imagediet.stand-in";

  /** A registry prefix to pull from instead of the names' own registries. */
  public static final String MIRROR_VARIABLE = "THREE_IMAGE_DIET_MIRROR";

  /** Set to {@code never}, nothing is pulled. */
  public static final String PULL_VARIABLE = "THREE_IMAGE_DIET_PULL";

  private static final Duration PULL = Duration.ofMinutes(9);
  private static final int MANIFEST_BYTES = 4 << 20;
  private static final String LUGGAGE = "three-image-diet/luggage.tar";
  private static final int TAR_RECORD = 512;

  private static final int WORKSHOPS = 2;
  private static final Object ENSURING = new Object();

  private final Engine engine;
  private final Catalogue catalogue;

  /** Why a registry did not answer, by its host, so that it is asked only once in a run. */
  private final Map<String, String> unreachable = new HashMap<>();

  private Bases(Engine engine, Catalogue catalogue) {
    this.engine = engine;
    this.catalogue = catalogue;
  }

  /** Works with the catalogue that comes with the toolkit. */
  public static Bases standard(Engine engine) {
    return new Bases(engine, Catalogue.standard());
  }

  /** Returns the images that the labs may use. */
  public Catalogue catalogue() {
    return catalogue;
  }

  /** Returns the diff ids of those that are local, by name and in the catalogue's order. */
  public Map<String, List<String>> localLayers() {
    Map<String, List<String>> local = new LinkedHashMap<>();
    for (BaseImage image : catalogue.images()) {
      List<String> layers = engine.layers(image.name());
      if (!layers.isEmpty()) {
        local.put(image.name(), layers);
      }
    }
    return local;
  }

  /**
   * Makes images local; those that are already are left alone. Stand-ins are made two at a time,
   * and whoever asks at the same time in this process waits, so that none is made twice.
   *
   * @return what became of each, in the order given
   * @throws EnvironmentException when one is not to be had
   */
  public List<ResolvedBase> ensure(Collection<String> names, Progress progress) {
    synchronized (ENSURING) {
      Map<String, ResolvedBase> resolved = new ConcurrentHashMap<>();
      List<String> missing = new ArrayList<>();
      for (String name : names) {
        if (engine.imageId(name).isPresent()) {
          resolved.put(name, resolved(name, ResolvedBase.Source.LOCAL));
        } else {
          missing.add(name);
        }
      }
      Queue<List<String>> batches = new ConcurrentLinkedQueue<>(batches(missing));
      AtomicBoolean failed = new AtomicBoolean();
      sideBySide(
          Math.min(WORKSHOPS, batches.size()),
          () -> {
            try (Workshop workshop = new Workshop(engine)) {
              for (List<String> next = batches.poll(); next != null; next = batches.poll()) {
                for (String name : next) {
                  if (!failed.get()) {
                    resolved.put(name, come(name, progress, workshop));
                  }
                }
              }
            } catch (RuntimeException e) {
              failed.set(true);
              throw e;
            }
          });
      return names.stream().map(resolved::get).toList();
    }
  }

  /** Puts together what shares most of its making. */
  private Collection<List<String>> batches(List<String> names) {
    Map<Object, List<String>> batches = new LinkedHashMap<>();
    for (String name : new LinkedHashSet<>(names)) {
      Object common = catalogue.find(name).map(image -> image.recipe().common()).orElse(name);
      batches.computeIfAbsent(common, key -> new ArrayList<>()).add(name);
    }
    return batches.values();
  }

  /** Runs the same several times at a time, and throws what the first one threw that failed. */
  private static void sideBySide(int times, Runnable work) {
    if (times <= 1) {
      work.run();
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(times);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        all.add(threads.submit(work));
      }
      // Nobody is interrupted: what is put together would be left half made, and mounted.
      Optional<RuntimeException> failure = Optional.empty();
      for (Future<?> one : all) {
        try {
          one.get();
        } catch (ExecutionException e) {
          RuntimeException cause =
              e.getCause() instanceof RuntimeException known
                  ? known
                  : new IllegalStateException(e.getCause());
          failure = failure.or(() -> Optional.of(cause));
        }
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while seeing to base images.", e);
    } finally {
      threads.shutdown();
    }
  }

  private ResolvedBase come(String name, Progress progress, Workshop workshop) {
    if (engine.imageId(name).isPresent()) {
      // It came under another name, or somebody else brought it.
      return resolved(name, ResolvedBase.Source.LOCAL);
    }
    Optional<BaseImage> known = catalogue.find(name);
    try (Progress.Task task = progress.begin("base image " + name)) {
      Optional<String> notPulled = pull(name, task);
      if (notPulled.isEmpty()) {
        task.done("pulled");
        return resolved(name, ResolvedBase.Source.PULLED);
      }
      if (known.isEmpty()) {
        throw new EnvironmentException(
            "The base image %s is neither on this machine nor to be pulled (%s), and no stand-in is"
                    .formatted(name, notPulled.get())
                + " known for it. The labs use: "
                + catalogue.images().stream()
                    .map(BaseImage::name)
                    .filter(n -> !n.startsWith("gcr.io/") || n.endsWith("-debian13:nonroot"))
                    .collect(Collectors.joining(", "))
                + ".");
      }
      workshop.make(known.get(), task);
      task.done("stand-in made from Debian packages (" + notPulled.get() + ")");
      return resolved(name, ResolvedBase.Source.MADE);
    }
  }

  private ResolvedBase resolved(String name, ResolvedBase.Source source) {
    String id =
        engine
            .imageId(name)
            .orElseThrow(
                () -> new EnvironmentException("The base image " + name + " disappeared."));
    return new ResolvedBase(name, id, source, standIn(name));
  }

  private boolean standIn(String name) {
    return engine.label(name, STAND_IN).filter("true"::equals).isPresent();
  }

  /** One at a time, since the next one may be spared a registry that does not answer. */
  private synchronized Optional<String> pull(String name, Progress.Task task) {
    if ("never".equals(System.getenv(PULL_VARIABLE))) {
      return Optional.of("pulling is switched off");
    }
    String mirror = System.getenv(MIRROR_VARIABLE);
    boolean mirrored = mirror != null && !mirror.isBlank();
    String from = mirrored ? mirror.replaceFirst("/+$", "") + "/" + name : name;
    String registry = registry(from);
    if (unreachable.containsKey(registry)) {
      return Optional.of(unreachable.get(registry));
    }
    task.detail("pulling " + from);
    Optional<String> failure = engine.pull(from, PULL);
    if (failure.isEmpty() && mirrored) {
      engine.tag(from, name);
      engine.untag(from);
    }
    return failure.map(
        reason -> {
          boolean answered =
              reason.contains("not found")
                  || reason.contains("manifest unknown")
                  || reason.contains("denied");
          String why = answered ? registry + " has no such image" : registry + " does not answer";
          if (!answered) {
            unreachable.put(registry, why);
          }
          return why;
        });
  }

  private static String registry(String name) {
    String first = name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
    return first.contains(".") || first.contains(":") ? first : "docker.io";
  }

  /** One image of the catalogue and whether it is there. */
  public record Listed(BaseImage image, boolean local, boolean standIn) {}

  /** Returns every image of the catalogue and whether it is local. */
  public List<Listed> list() {
    return catalogue.images().stream()
        .map(
            image ->
                new Listed(image, engine.imageId(image.name()).isPresent(), standIn(image.name())))
        .toList();
  }

  /** What is carried beside the images. */
  public interface Luggage {

    /** Returns the images that may come along, whether they are local or not. */
    List<String> images();

    /**
     * Writes a tar archive of files that come along.
     *
     * @param images the local images of the catalogue
     * @return whether there are any
     */
    boolean pack(List<String> images, Path tar) throws IOException;

    /**
     * Reads such an archive.
     *
     * @throws IllegalArgumentException in one sentence, when it holds something else
     */
    void unpack(InputStream tar) throws IOException;
  }

  /**
   * Saves the local images of the catalogue into one file. It begins with the luggage, where there
   * is any, and is an archive of {@code docker save} from there on.
   *
   * @return the images' names
   * @throws EnvironmentException when there are none or the file cannot be written
   */
  public List<String> save(Path file, Luggage luggage) {
    List<String> names = new ArrayList<>();
    list().stream().filter(Listed::local).forEach(listed -> names.add(listed.image().name()));
    if (names.isEmpty()) {
      throw new EnvironmentException("No base image is local yet; run `./lab setup --all` first.");
    }
    Path target = file.toAbsolutePath();
    if (!Files.isDirectory(target.getParent())) {
      throw new IllegalArgumentException("There is no folder " + target.getParent() + ".");
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
        writeLuggage(out, luggage, List.copyOf(names));
        luggage.images().stream()
            .filter(name -> engine.imageId(name).isPresent())
            .forEach(names::add);
        try (InputStream archive = engine.save(names.toArray(String[]::new))) {
          archive.transferTo(out);
        }
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return names;
    } catch (IOException e) {
      throw new EnvironmentException(
          "The images cannot be written to %s: %s.".formatted(file, e.getMessage()), e);
    } finally {
      try {
        Files.deleteIfExists(part);
      } catch (IOException e) {
        // It is of no use, but it does no harm either.
      }
    }
  }

  private static void writeLuggage(OutputStream out, Luggage luggage, List<String> names)
      throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Path tar = folder.path().resolve("luggage.tar");
      if (!luggage.pack(names, tar)) {
        return;
      }
      // Not closed and not finished: the images' own archive goes on from here.
      TarArchiveOutputStream outer = new TarArchiveOutputStream(out, "UTF-8");
      TarArchiveEntry entry = new TarArchiveEntry(LUGGAGE);
      entry.setSize(Files.size(tar));
      entry.setModTime(0);
      outer.putArchiveEntry(entry);
      Files.copy(tar, outer);
      outer.closeArchiveEntry();
      outer.flush();
    }
  }

  /**
   * Loads what {@link #save} wrote.
   *
   * @param luggage takes what is carried beside the images
   * @return the images' names
   * @throws IllegalArgumentException in one sentence, when the file is something else
   */
  public List<String> load(Path file, Luggage luggage) {
    List<String> names = names(file, luggage.images());
    try {
      long images = unpackLuggage(file, luggage);
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        in.skipNBytes(images);
        engine.load(in);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "The file %s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
    return names;
  }

  /** Reads the luggage, where the file begins with it, and returns where the images begin. */
  private static long unpackLuggage(Path file, Luggage luggage) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null || !entry.getName().equals(LUGGAGE)) {
        return 0;
      }
      luggage.unpack(tar);
      long records = (entry.getSize() + TAR_RECORD - 1) / TAR_RECORD;
      return (1 + records) * TAR_RECORD;
    }
  }

  private List<String> names(Path file, List<String> others) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("There is no file " + file + ".");
    }
    List<String> names = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals("manifest.json")) {
          for (JsonNode image : new ObjectMapper().readTree(tar.readNBytes(MANIFEST_BYTES))) {
            image.path("RepoTags").forEach(tag -> names.add(tag.asText()));
          }
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          file + " is not a file made by `./lab bases save`; it is no tar archive of images.", e);
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          file + " is not a file made by `./lab bases save`: it names no image.");
    }
    for (String name : names) {
      if (catalogue.find(name).isEmpty() && !others.contains(name)) {
        throw new IllegalArgumentException(
            "%s holds %s, which is no base image of the labs; nothing was loaded."
                .formatted(file, ImageName.parse(name)));
      }
    }
    return names;
  }
}
