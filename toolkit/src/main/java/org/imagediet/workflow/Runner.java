package org.imagediet.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.archive.Sha256;
import org.imagediet.archive.TarBytes;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/**
 * A container in which the steps of a stranger's workflow are run: without a network, without any
 * capability, as a user who may write to a home folder and nothing else, bounded in memory,
 * processes, time and output. In it are bash, this toolkit behind {@code ./lab} and a stand-in for
 * git. Jobs run one after the other, each in a home folder that is new.
 */
public final class Runner implements AutoCloseable {

  /** The image that has bash and Java. */
  public static final String BASE = "eclipse-temurin:25";

  private static final int USER = 65532;
  private static final String HOME = "/home/runner";
  private static final String STATES = HOME + "/.states";
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration CLEANING = Duration.ofSeconds(20);
  private static final Duration ARCHIVING = Duration.ofSeconds(90);
  private static final int MOST_CLASSES = 200 << 20;

  /** A type of each library that {@code ./lab budget} needs, and one of the toolkit. */
  private static final List<Class<?>> LIBRARIES =
      List.of(
          Runner.class,
          CommandLine.class,
          ObjectMapper.class,
          JsonFactory.class,
          JsonInclude.class,
          YAMLFactory.class,
          Yaml.class,
          Zstd.class);

  private final SecureRandom random = new SecureRandom();
  private final Engine engine;
  private final Duration deadline;
  private final byte[] program;
  private Optional<Container> container = Optional.empty();

  /** Prepares; the container starts with the first job. Its image must be local. */
  public Runner(Engine engine) {
    this(engine, DEADLINE);
  }

  Runner(Engine engine, Duration deadline) {
    this.engine = engine;
    this.deadline = deadline;
    this.program = program();
  }

  /**
   * Runs a job.
   *
   * @param trees the files of the repository by path, for each of its states
   * @param made what other steps of the job would have made in the workspace, by path
   * @throws EnvironmentException when it cannot be run
   */
  public synchronized Trial run(
      GateJob job,
      PullRequest change,
      Map<Checkout.Tree, Map<String, byte[]>> trees,
      Map<String, byte[]> made) {
    Container running = clean();
    running.copyIn("/", new ByteArrayInputStream(files(job, change, trees, made)));
    String word = HexFormat.of().toHexDigits(random.nextLong());
    long begin = System.nanoTime();
    Container.Executed executed = running.execute(List.of("bash", "/opt/lab/job", word), deadline);
    if (executed.exitCode().isPresent()) {
      return trial(executed, word);
    }
    boolean late = System.nanoTime() - begin >= deadline.toNanos();
    String written =
        running
            .execute(List.of("tail", "-c", "16000", PullRequest.TEMP + "/written"), CLEANING)
            .output();
    close();
    if (!late) {
      throw new EnvironmentException(
          "The steps of a workflow cannot be run: %s; run again.".formatted(executed.output()));
    }
    return new Trial(OptionalInt.empty(), "", written, "");
  }

  private static Trial trial(Container.Executed executed, String word) {
    List<String> parts = List.of(executed.output().split("\\n?" + word + " ", -1));
    // Each part but the first begins with what the one before it is.
    String output = "";
    String step = "";
    String summary = "";
    for (int i = 1; i < parts.size(); i++) {
      String name = parts.get(i).lines().findFirst().orElse("");
      String before = i == 1 ? parts.get(0) : parts.get(i - 1).replaceFirst("^.*\\n?", "");
      if (name.equals("summary")) {
        summary = before;
      } else {
        step = name;
        output = before;
      }
    }
    return new Trial(executed.exitCode(), step, output, summary);
  }

  /** Returns the container with nothing of an earlier job in it, a new one if need be. */
  private Container clean() {
    if (container.isPresent()) {
      boolean clean =
          container.get().running()
              && container
                      .get()
                      .execute(List.of("bash", "/opt/lab/clean"), CLEANING)
                      .exitCode()
                      .orElse(1)
                  == 0;
      if (clean) {
        return container.get();
      }
      close();
    }
    Container started =
        engine.create(
            ContainerSpec.image(BASE)
                .entrypoint("sleep", "infinity")
                .user(USER + ":" + USER)
                .workingDirectory("/")
                .unprivileged()
                .build());
    container = Optional.of(started);
    started.copyIn("/", new ByteArrayInputStream(program));
    started
        .start()
        .ifPresent(
            reason -> {
              close();
              throw new EnvironmentException(
                  "The container for the steps of a workflow does not start: " + reason + ".");
            });
    classes(started)
        .ifPresent(
            classes ->
                started.copyIn(
                    "/",
                    new ByteArrayInputStream(
                        new TarBytes().file("/opt/lab/classes.jsa", 0644, classes).bytes())));
    return started;
  }

  /**
   * Returns the archive of the classes that a comparison loads, made once for one toolkit and one
   * Java. It is made before any step of a stranger's is run, and without it all is only slower.
   */
  private Optional<byte[]> classes(Container fresh) {
    Path file = Caches.file("workflow-classes-%s.jsa".formatted(key()));
    try {
      if (!Files.exists(file)) {
        Optional<byte[]> made = archive(fresh);
        if (made.isEmpty()) {
          return made;
        }
        Files.createDirectories(file.getParent());
        removeOthers(file);
        Path part = Files.createTempFile(file.getParent(), "workflow", ".part");
        Files.write(part, made.get());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return made;
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void removeOthers(Path file) throws IOException {
    try (DirectoryStream<Path> old =
        Files.newDirectoryStream(file.getParent(), "workflow-classes-*.jsa")) {
      for (Path other : old) {
        Files.deleteIfExists(other);
      }
    }
  }

  private String key() {
    MessageDigest digest = Sha256.begin();
    digest.update(program);
    digest.update(bytes(engine.imageId(BASE).orElse("")));
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private Optional<byte[]> archive(Container fresh) throws IOException {
    byte[] image =
        PlantedImage.named("app", engine.architecture())
            .ballast("COPY /app /app", "/app", 1_000_000)
            .archive();
    fresh.copyIn(
        "/",
        new ByteArrayInputStream(
            new TarBytes().ownedBy(USER).file(HOME + "/image.tar", 0644, image).bytes()));
    Container.Executed made = fresh.execute(List.of("bash", "/opt/lab/archive"), ARCHIVING);
    Optional<byte[]> classes = Optional.empty();
    if (made.exitCode().orElse(1) == 0) {
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(fresh.copyOut(HOME + "/classes.jsa"))) {
        if (tar.getNextEntry() != null) {
          classes = Optional.of(tar.readNBytes(MOST_CLASSES));
        }
      }
    }
    fresh.execute(List.of("bash", "/opt/lab/clean"), CLEANING);
    return classes;
  }

  private static byte[] files(
      GateJob job,
      PullRequest change,
      Map<Checkout.Tree, Map<String, byte[]>> trees,
      Map<String, byte[]> made) {
    TarBytes tar = new TarBytes().ownedBy(USER);
    trees.forEach((tree, files) -> tree(tar, STATES + "/" + name(tree), files));
    for (Checkout checkout : job.checkouts()) {
      String folder =
          PullRequest.WORKSPACE + (checkout.path().isEmpty() ? "" : "/") + checkout.path();
      tree(tar, folder, trees.getOrDefault(checkout.tree(), Map.of()));
      file(tar, folder + "/.git/known", 0644, bytes(known(checkout, change)));
    }
    tar.folders(HOME, PullRequest.WORKSPACE);
    made.forEach((path, content) -> file(tar, PullRequest.WORKSPACE + "/" + path, 0644, content));
    int number = 0;
    for (Script script : job.scripts()) {
      String folder = "%s/steps/%d".formatted(PullRequest.TEMP, number++);
      file(tar, folder + "/id", 0644, bytes(script.id()));
      file(tar, folder + "/text", 0644, bytes(script.text()));
      file(tar, folder + "/shell", 0644, bytes(String.join(" ", script.shell())));
      String place = script.folder();
      file(
          tar,
          folder + "/folder",
          0644,
          bytes(place.startsWith("/") ? place : PullRequest.WORKSPACE + "/" + place));
      file(
          tar,
          folder + "/environment",
          0644,
          bytes(
              Stream.of(
                      change.environment(),
                      Map.of("BASE_COMMIT", change.baseCommit()),
                      script.environment())
                  .flatMap(variables -> variables.entrySet().stream())
                  .map(
                      variable ->
                          "export %s=%s\n"
                              .formatted(variable.getKey(), quoted(variable.getValue())))
                  .collect(Collectors.joining())));
    }
    return tar.bytes();
  }

  private static void tree(TarBytes tar, String folder, Map<String, byte[]> files) {
    tar.folders(HOME, folder);
    files.forEach((path, content) -> file(tar, folder + "/" + path, 0644, content));
    file(tar, folder + "/lab", 0755, bytes("#!/bin/sh\nexec /opt/lab/lab \"$@\"\n"));
  }

  /** Adds a file with its folders, which would be root's else. */
  private static void file(TarBytes tar, String path, int mode, byte[] content) {
    tar.folders(HOME, path.substring(0, path.lastIndexOf('/'))).file(path, mode, content);
  }

  private static String name(Checkout.Tree tree) {
    return tree == Checkout.Tree.BASE ? "base" : "change";
  }

  /** The revisions that the stand-in for git knows after a checkout. */
  private static String known(Checkout checkout, PullRequest change) {
    String own = name(checkout.tree());
    StringBuilder lines = new StringBuilder("HEAD %s\n@ %s\n".formatted(own, own));
    lines.append("%s change\n".formatted(change.mergeCommit()));
    if (checkout.history()) {
      String branch = PullRequest.BASE_BRANCH;
      for (String name :
          List.of(
              "HEAD^",
              "HEAD^1",
              "HEAD~",
              "HEAD~1",
              "origin/" + branch,
              "remotes/origin/" + branch,
              "refs/remotes/origin/" + branch,
              change.baseCommit())) {
        lines.append(name).append(" base\n");
      }
      lines.append("HEAD^2 change\n");
    }
    return lines.toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What is root's in the container. */
  private static byte[] program() {
    TarBytes tar = new TarBytes().ownedBy(USER).folder(HOME).ownedBy(0).folder("/opt/lab");
    List<String> jars = new ArrayList<>();
    for (Class<?> library : LIBRARIES) {
      String jar = "/opt/lab/" + library.getSimpleName() + ".jar";
      jars.add(jar);
      Path path = place(library);
      try {
        tar.file(jar, 0644, Files.isDirectory(path) ? jar(path) : Files.readAllBytes(path));
      } catch (IOException e) {
        throw new EnvironmentException("%s cannot be read: %s.".formatted(path, e.getMessage()), e);
      }
    }
    tar.file("/opt/lab/classpath", 0644, bytes(String.join(":", jars)));
    for (String script : List.of("lab", "job", "clean", "archive")) {
      tar.file("/opt/lab/" + script, 0755, resource(script));
    }
    tar.file("/usr/local/bin/git", 0755, resource("git"));
    return tar.bytes();
  }

  private static Path place(Class<?> library) {
    try {
      return Path.of(library.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class path of files", e);
    }
  }

  private static byte[] jar(Path classes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        Stream<Path> tree = Files.walk(classes)) {
      for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
        ZipEntry entry = new ZipEntry(classes.relativize(file).toString().replace('\\', '/'));
        // The same classes give the same bytes.
        entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] resource(String name) {
    try (InputStream in = Runner.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("the resource " + name + " cannot be read", e);
    }
  }

  /** Ends the container, and whatever still runs in it. */
  @Override
  public synchronized void close() {
    container.ifPresent(Container::close);
    container = Optional.empty();
  }
}
