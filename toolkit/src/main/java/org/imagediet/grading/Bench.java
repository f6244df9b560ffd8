package org.imagediet.grading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.imagediet.archive.ArchiveException;
import org.imagediet.bases.ResolvedBase;
import org.imagediet.budget.Base;
import org.imagediet.compose.ComposeService;
import org.imagediet.drill.Attack;
import org.imagediet.engine.BuildRequest;
import org.imagediet.engine.BuildResult;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.ImageName;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;
import org.imagediet.engine.jib.BuildFileException;
import org.imagediet.engine.jib.JibBuild;
import org.imagediet.image.ContainerImage;
import org.imagediet.observation.AsItIs;
import org.imagediet.observation.Composed;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Observer;
import org.imagediet.observation.Once;
import org.imagediet.observation.ShellOffers;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.scan.ScanResult;
import org.imagediet.workbook.BuildContext;
import org.imagediet.workbook.Dockerfile;
import org.imagediet.workbook.DockerfileException;
import org.imagediet.workbook.DockerfileGuard;
import org.imagediet.workbook.JavaClasses;
import org.imagediet.workbook.Recipe;
import org.imagediet.workbook.Workbook;

/**
 * One submission while it is graded: built once, saved and read once, run once in each way that a
 * check asks for.
 */
public final class Bench implements AutoCloseable {

  private static final Duration BUILD_DEADLINE = Duration.ofMinutes(10);
  private static final int SHOWN_LINES = 15;

  private final Laboratory laboratory;
  private final Workbook workbook;
  private final Submission submission;
  private final Runnable onStandIn;
  private final Optional<HandedSecrets> secrets;
  private final Clock clock;
  private final List<String> images = new ArrayList<>();
  private final Map<String, Bench> others = new HashMap<>();
  private final Once<Recipe> recipe;
  private final Once<List<ResolvedBase>> admitted = Once.of(this::admit);
  private final Once<String> release = Once.of(this::buildRelease);
  private final Once<Specimen> specimen = Once.of(this::findSpecimen);
  private final Once<Composed> composed = Once.of(this::compose);
  private volatile Optional<KeptArchive.Hold> hold = Optional.empty();

  /**
   * Lays a submission on the bench.
   *
   * @param onStandIn called when a stand-in is among its base images
   */
  public Bench(
      Laboratory laboratory, Workbook workbook, Submission submission, Runnable onStandIn) {
    this(laboratory, workbook, submission, onStandIn, Optional.empty(), Clock.systemUTC());
  }

  /**
   * Lays a submission on the bench.
   *
   * @param onStandIn called when a stand-in is among its base images
   * @param secrets what its builds are handed, where the lab asks what becomes of it
   * @param clock says on which day it is graded
   */
  public Bench(
      Laboratory laboratory,
      Workbook workbook,
      Submission submission,
      Runnable onStandIn,
      Optional<HandedSecrets> secrets,
      Clock clock) {
    this.laboratory = laboratory;
    this.workbook = workbook;
    this.submission = submission;
    this.onStandIn = onStandIn;
    this.secrets = secrets;
    this.clock = clock;
    recipe = Once.of(submission::recipe);
  }

  /** Returns whose files these are. */
  public Submission submission() {
    return submission;
  }

  /** Returns what says on which day it is graded. */
  public Clock clock() {
    return clock;
  }

  /** Returns what is shared with other gradings. */
  public Laboratory laboratory() {
    return laboratory;
  }

  /** Returns how the image is built. */
  public Recipe recipe() {
    return recipe.get();
  }

  /** Returns the pristine source of the service. */
  public Path service() {
    return workbook.service(submission.track());
  }

  /**
   * Returns the parsed Dockerfile.
   *
   * @throws FailedEarlier when there is none that a builder could read
   */
  public Dockerfile dockerfile() {
    try {
      return Dockerfile.parse(recipe().text());
    } catch (DockerfileException e) {
      throw unbuildable(e.getMessage(), "Does `docker build` by hand say more?");
    }
  }

  /**
   * Returns the engine's name of the release image, built.
   *
   * @throws FailedEarlier when it does not build
   */
  public String release() {
    return release.get();
  }

  /**
   * Returns the release image as it was read from its archive.
   *
   * @throws FailedEarlier when it does not build
   */
  public ContainerImage image() {
    return readable(Examined::image);
  }

  /**
   * Returns the release image's archive, as {@code docker save} makes it.
   *
   * @throws FailedEarlier when it does not build
   */
  public InputStream archive() throws IOException {
    return specimen.get().examined().archive();
  }

  private <T> T readable(Function<Examined, T> question) {
    try {
      return question.apply(specimen.get().examined());
    } catch (ArchiveException e) {
      throw unbuildable(
          "the image cannot be read: " + e.getMessage(), "What in it is out of the ordinary?");
    }
  }

  /**
   * Returns what a registry would send of the release image, in bytes. It is read once more if it
   * must be.
   *
   * @throws FailedEarlier when it does not build
   */
  public long transferBytes() {
    return readable(Examined::transferBytes);
  }

  /**
   * Returns the base image that the release stands on, by its layers.
   *
   * @throws FailedEarlier when it does not build
   */
  public BaseMatch base() {
    image();
    return specimen.get().examined().base();
  }

  /** Returns the catalogue's images that are local, by their layers. */
  public List<Base> bases() {
    return Base.of(laboratory.bases().localLayers());
  }

  /**
   * Returns who runs the release image and looks on.
   *
   * @throws FailedEarlier when it does not build
   */
  public Observer observer() {
    image();
    return specimen.get().observer();
  }

  /**
   * Returns what the service does as it is.
   *
   * @throws FailedEarlier when it does not build or does not answer
   */
  public AsItIs running() {
    if (image().config().argv().isEmpty()) {
      // An engine refuses it, as it refuses much that is not the image's fault.
      throw new FailedEarlier(
          "serves",
          notServing("the image says nothing to start: it has neither an ENTRYPOINT nor a CMD"));
    }
    return answering(() -> observer().asItIs());
  }

  /**
   * Returns who runs the release image as the submission's compose file says.
   *
   * @throws org.imagediet.compose.ComposeException when there is none that may be honoured
   * @throws FailedEarlier when it does not build
   */
  public Composed composed() {
    return composed.get();
  }

  private Composed compose() {
    ComposeService service = submission.compose();
    return observer().composed(service);
  }

  /**
   * Returns an observation of the running service.
   *
   * @throws FailedEarlier when it does not answer
   */
  public <T> T answering(java.util.function.Supplier<T> observation) {
    try {
      return observation.get();
    } catch (NoAnswerException e) {
      throw new FailedEarlier("serves", notServing(e.getMessage()));
    }
  }

  /** Returns the judgement on a service that does not answer. */
  public static Verdict notServing(String problem) {
    return Verdict.fail(
        problem,
        "Run the image by hand as the lab's README shows, and read the first line it writes.");
  }

  /**
   * Returns which of its programs, offered to be a shell, was one.
   *
   * @throws FailedEarlier when it does not build
   */
  public ShellOffers shellOffers() {
    image();
    return specimen.get().examined().shellOffers();
  }

  /**
   * Returns what the scanner finds in the release image.
   *
   * @throws FailedEarlier when it does not build
   * @throws EnvironmentException when it cannot be scanned
   */
  public ScanResult scan() {
    return readable(Examined::scan);
  }

  /**
   * Returns what each attack of the drill came to on the release image.
   *
   * @throws FailedEarlier when it does not build or does not answer
   * @throws EnvironmentException when there are no solutions to fall back on
   */
  public Map<Attack, Observation> drill() {
    image();
    return answering(() -> specimen.get().drill(submission.track()));
  }

  /**
   * Returns the bench with the same person's answer to another lab; where a submission has none,
   * with that of the solutions. It is open as long as this one, so that checks can share what was
   * found out on it.
   */
  public Bench of(String lab) {
    return lab.equals(submission.lab()) ? this : others.computeIfAbsent(lab, this::open);
  }

  private Bench open(String lab) {
    Submission other = submission.of(lab);
    if (!Files.isDirectory(other.folder())) {
      Path missing = other.folder();
      Path solutions =
          workbook
              .solutions()
              .orElseThrow(
                  () ->
                      new EnvironmentException(
                          "This needs the image of %s too, and there is no folder %s; a handout has"
                                  .formatted(lab, missing)
                              + " no solution to take in its place."));
      Path solution = solutions.resolve(lab).resolve(other.track().id());
      other = new Submission(solution, lab, other.track(), Submission.SOLUTIONS);
    }
    return new Bench(laboratory, workbook, other, onStandIn, Optional.empty(), clock);
  }

  /**
   * The base image below a release.
   *
   * @param names all names of the catalogue's image with exactly these layers; empty when it stands
   *     on none of them
   * @param layers how many layers of the release are the base's
   */
  public record BaseMatch(List<String> names, int layers) {

    /** Returns whether one of the names begins so. */
    public boolean startsWith(String prefix) {
      return names.stream().anyMatch(name -> name.startsWith(prefix));
    }
  }

  private String buildRelease() {
    admitted.get();
    try (Progress.Task task = laboratory.progress().begin("build " + submission.source())) {
      String name;
      if (recipe().jib()) {
        name = buildWithJib();
      } else {
        Built built = build(Optional.empty(), context -> {}, task::detail);
        if (!built.succeeded()) {
          throw unbuildable(
              built.problem(), "Which step is the last one named, and what does it print?");
        }
        name = built.name();
      }
      task.done("");
      return name;
    }
  }

  /** Refuses what no submission may do, or may be built from, before anything is run. */
  private List<ResolvedBase> admit() {
    if (!recipe().jib()) {
      Optional<String> refusal = DockerfileGuard.refusal(recipe().text(), dockerfile());
      if (refusal.isPresent()) {
        throw unbuildable(
            refusal.get(), "The lab's README says what a submission may do while it is built.");
      }
    }
    List<String> names;
    try {
      names = recipe().images();
    } catch (BuildFileException e) {
      throw unbuildable(e.getMessage(), "The line says which key; compare it with Jib's format.");
    }
    List<ResolvedBase> bases = laboratory.ensure(names.stream().map(this::known).toList());
    if (bases.stream().anyMatch(ResolvedBase::standIn)) {
      onStandIn.run();
    }
    return bases;
  }

  /**
   * Only images of the catalogue, and other tags of its repositories, may stand below a submission:
   * any other name could be somebody's finished answer.
   */
  private String known(String written) {
    String name = written.replaceFirst("^(?:index\\.)?docker\\.io/(?:library/)?", "");
    String repository = ImageName.parse(name.replaceFirst("@.*", "")).repository();
    boolean inCatalogue =
        laboratory.bases().catalogue().images().stream()
            .anyMatch(image -> ImageName.parse(image.name()).repository().equals(repository));
    if (!inCatalogue) {
      throw new EnvironmentException(
          "The base image %s is none that the labs know, so nothing was graded; they know %s."
              .formatted(
                  written,
                  String.join(
                      ", ",
                      laboratory.bases().catalogue().images().stream()
                          .map(image -> ImageName.parse(image.name()).repository())
                          .distinct()
                          .toList())));
    }
    return name;
  }

  private FailedEarlier unbuildable(String problem, String next) {
    return new FailedEarlier("builds", Verdict.fail(problem, next));
  }

  private String buildWithJib() {
    try (BuildContext context = BuildContext.of(service(), recipe().file())) {
      JavaClasses.compile(context.path());
      String name = newName();
      new JibBuild(laboratory.engine()).build(recipe().text(), context.path(), name);
      return name;
    } catch (BuildFileException e) {
      throw unbuildable(e.getMessage(), "The line says which key; compare it with Jib's format.");
    } catch (IllegalArgumentException e) {
      throw unbuildable(e.getMessage(), "The lab's README says which files a submission has.");
    }
  }

  /**
   * How one build ended.
   *
   * @param name the engine's name of the image, if there is one
   * @param stopped why it was ended before its end, if it was
   * @param lastLines what the builder wrote last
   */
  public record Built(
      String name, boolean succeeded, Optional<String> stopped, List<String> lastLines) {

    /** Returns what went wrong, with the builder's last lines. */
    public String problem() {
      int from = Math.max(0, lastLines.size() - SHOWN_LINES);
      return stopped.map(why -> "the build was stopped: " + why).orElse("the builder gave up")
          + "; its last lines:\n"
          + String.join("\n", lastLines.subList(from, lastLines.size()));
    }
  }

  /**
   * Builds a stage of the submission's Dockerfile in a copy of its context.
   *
   * @param stage empty builds the release
   * @param change is applied to the copy before
   * @throws FailedEarlier when the submission is not allowed to be built
   */
  public Built build(Optional<String> stage, Consumer<Path> change, Consumer<String> line) {
    admitted.get();
    String name = newName();
    try (BuildContext context = BuildContext.of(service(), recipe().file());
        TempFolder folder = TempFolder.create()) {
      BuildRequest request =
          BuildRequest.of(context.path(), name)
              .deadline(BUILD_DEADLINE)
              .cacheNamespace(cacheNamespace());
      if (stage.isPresent()) {
        request = request.target(stage.get());
      }
      if (secrets.isPresent()) {
        request = handing(secrets.get(), request, folder.path());
      }
      change.accept(context.path());
      BuildResult result = laboratory.builder().build(request, line);
      return new Built(name, result.succeeded(), result.stopped(), result.lastLines());
    } catch (IllegalArgumentException e) {
      throw unbuildable(e.getMessage(), "The lab's README says which files a submission has.");
    } catch (IOException e) {
      throw new EnvironmentException("A secret cannot be written: " + e.getMessage() + ".", e);
    }
  }

  /** Hands the builder one secret and puts the other where people have one. */
  private static BuildRequest handing(HandedSecrets secrets, BuildRequest request, Path folder)
      throws IOException {
    Files.writeString(
        request.context().resolve(HandedSecrets.FILE),
        "DATABASE_PASSWORD=" + secrets.inContext() + "\n");
    Path token = Files.writeString(folder.resolve(HandedSecrets.TOKEN_ID), secrets.token());
    return request.secret(HandedSecrets.TOKEN_ID, token);
  }

  /** Returns what its builds are handed; empty where the lab does not ask what becomes of it. */
  public Optional<HandedSecrets> secrets() {
    return secrets;
  }

  /**
   * Keeps what one person's builds put into cache mounts away from the next person's. A folder does
   * not say whose files are in it today: what lies outside the workbook shares with nobody.
   */
  String cacheNamespace() {
    if (laboratory.onePersons()) {
      return workbook.cacheNamespace();
    }
    Path folder = submission.home().toAbsolutePath().normalize();
    return folder.startsWith(workbook.root())
        ? workbook.cacheNamespace(folder)
        : Workbook.cacheNamespace(laboratory.secret(), folder);
  }

  private String newName() {
    String name =
        laboratory.engine().temporaryName(submission.lab() + "-" + submission.track().id());
    images.add(name);
    return name;
  }

  private Specimen findSpecimen() {
    String name = release();
    Specimen found =
        laboratory
            .engine()
            .imageId(name)
            .map(laboratory::specimen)
            .orElseThrow(
                () ->
                    new EnvironmentException("The image that was just built is gone; run again."));
    if (secrets.isPresent()) {
      // They are searched for in what was read before, and the lab that asks for them scans it too.
      hold = Optional.of(found.examined().holdArchive());
    }
    return found;
  }

  /** Removes the images that were built, and nothing of what they were built from. */
  @Override
  public void close() {
    others.values().forEach(Bench::close);
    hold.ifPresent(KeptArchive.Hold::close);
    for (String name : images) {
      try {
        laboratory.engine().untag(name);
      } catch (EnvironmentException e) {
        // The engine has gone; what matters has been written down.
      }
    }
  }
}
