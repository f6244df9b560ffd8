package org.imagediet.engine.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.DockerDaemonImage;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.Ports;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;

/**
 * Builds an image from a {@code jib.yaml} (Jib's BuildFile format, {@code jib/v1alpha1}) with
 * jib-core. The base comes from the local engine and the image goes there; no registry is asked.
 */
public final class JibBuild {

  private static final int MOST_FILES = 5000;

  private final Engine engine;

  /** Builds with an engine's images. */
  public JibBuild(Engine engine) {
    this.engine = engine;
  }

  /**
   * Builds an image.
   *
   * @param buildFile the text of the {@code jib.yaml}
   * @param context the folder that {@code src} paths are relative to, and must stay in
   * @param name the image's new name
   * @return the image's id
   * @throws BuildFileException when the build file is wrong
   * @throws EnvironmentException when the base is not local or the engine fails
   */
  public String build(String buildFile, Path context, String name) {
    BuildFile file = BuildFileParser.parse(buildFile);
    ExecutorService threads = Executors.newCachedThreadPool();
    try (TempFolder folder = TempFolder.create()) {
      JibContainerBuilder builder = builder(file);
      configure(builder, file);
      for (BuildFile.Layer layer : file.layers()) {
        builder.addFileEntriesLayer(layer(layer, context.toRealPath()));
      }
      Containerizer target =
          Containerizer.to(new EngineClient(engine), DockerDaemonImage.named(name))
              .setOfflineMode(true)
              .setToolName("three-image-diet")
              .setExecutorService(threads)
              .setBaseImageLayersCache(Caches.file("jib"))
              .setApplicationLayersCache(folder.path());
      builder.containerize(target);
      return engine
          .imageId(name)
          .orElseThrow(() -> new EnvironmentException("Jib built " + name + ", and it is gone."));
    } catch (InvalidImageReferenceException e) {
      throw new BuildFileException("jib.yaml: " + e.getMessage() + ".", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EnvironmentException environment) {
        throw environment;
      }
      throw new EnvironmentException("Jib failed: " + e.getCause().getMessage() + ".", e);
    } catch (IOException | RegistryException | CacheDirectoryCreationException e) {
      throw new EnvironmentException("Jib failed: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while Jib was building.", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private JibContainerBuilder builder(BuildFile file) throws InvalidImageReferenceException {
    if (file.base().equals("scratch")) {
      return Jib.fromScratch();
    }
    if (engine.imageId(file.base()).isEmpty()) {
      throw new EnvironmentException("The base image " + file.base() + " is not on this machine.");
    }
    return Jib.from(new EngineClient(engine), DockerDaemonImage.named(file.base()));
  }

  private static void configure(JibContainerBuilder builder, BuildFile file) {
    builder.setFormat(file.oci() ? ImageFormat.OCI : ImageFormat.Docker);
    builder.setCreationTime(file.creationTime());
    file.environment().forEach(builder::addEnvironmentVariable);
    file.labels().forEach(builder::addLabel);
    try {
      file.volumes().forEach(path -> builder.addVolume(AbsoluteUnixPath.get(path)));
      Ports.parse(file.exposedPorts()).forEach(builder::addExposedPort);
      file.workingDirectory()
          .ifPresent(path -> builder.setWorkingDirectory(AbsoluteUnixPath.get(path)));
    } catch (IllegalArgumentException e) {
      throw new BuildFileException("jib.yaml: " + e.getMessage() + ".", e);
    }
    file.user().ifPresent(builder::setUser);
    file.entrypoint().ifPresent(builder::setEntrypoint);
    file.command().ifPresent(builder::setProgramArguments);
  }

  private static FileEntriesLayer layer(BuildFile.Layer layer, Path context) throws IOException {
    FileEntriesLayer.Builder builder = FileEntriesLayer.builder().setName(layer.name());
    for (BuildFile.Copy copy : layer.copies()) {
      Path source = context.resolve(copy.source()).normalize();
      if (!source.startsWith(context)) {
        throw new BuildFileException(
            "jib.yaml: src %s leads out of the build context.".formatted(copy.source()));
      }
      if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
        throw new BuildFileException(
            "jib.yaml: there is no %s in the build context.".formatted(copy.source()));
      }
      if (!copy.destination().startsWith("/")) {
        throw new BuildFileException(
            "jib.yaml: dest %s must be an absolute path.".formatted(copy.destination()));
      }
      add(builder, copy, source);
    }
    return builder.build();
  }

  private static void add(FileEntriesLayer.Builder builder, BuildFile.Copy copy, Path source)
      throws IOException {
    if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
      String destination =
          copy.destination().endsWith("/")
              ? copy.destination() + source.getFileName()
              : copy.destination();
      put(builder, copy, source, destination);
      return;
    }
    List<PathMatcher> includes = matchers(copy.includes());
    List<PathMatcher> excludes = matchers(copy.excludes());
    try (Stream<Path> tree = Files.walk(source)) {
      List<Path> paths = tree.sorted().limit(MOST_FILES + 1).toList();
      if (paths.size() > MOST_FILES) {
        throw new BuildFileException(
            "jib.yaml: %s holds more than %d files.".formatted(copy.source(), MOST_FILES));
      }
      for (Path path : paths) {
        Path inside = source.relativize(path);
        boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        boolean folder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        boolean wanted =
            (includes.isEmpty() || folder || includes.stream().anyMatch(m -> m.matches(inside)))
                && excludes.stream().noneMatch(m -> m.matches(inside));
        if (wanted && (file || folder)) {
          String below = inside.toString();
          put(
              builder,
              copy,
              path,
              below.isEmpty() ? copy.destination() : copy.destination() + "/" + below);
        }
      }
    }
  }

  private static List<PathMatcher> matchers(List<String> globs) {
    try {
      return globs.stream()
          .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new BuildFileException("jib.yaml: a pattern is wrong: " + e.getMessage() + ".", e);
    }
  }

  private static void put(
      FileEntriesLayer.Builder builder, BuildFile.Copy copy, Path source, String destination) {
    BuildFile.Properties properties = copy.properties();
    int mode = Files.isDirectory(source) ? properties.folderMode() : properties.fileMode();
    builder.addEntry(
        source,
        AbsoluteUnixPath.get(destination),
        FilePermissions.fromOctalString("%03o".formatted(mode)),
        properties.time(),
        properties.owner());
  }
}
