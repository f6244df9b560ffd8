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
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;
import org.imagediet.report.Clean;

/**
 * Builds an image from a {@code jib.yaml} (Jib's BuildFile format, {@code jib/v1alpha1}) with
 * jib-core. The base comes from the local engine and the image goes there; no registry is asked.
 */
public final class JibBuild {

  private static final int ATTEMPTS = 3;

  private final Engine engine;

  /** Builds with an engine's images. */
  public JibBuild(Engine engine) {
    this.engine = engine;
  }

  /**
   * Returns the base image that a build file names; nothing when it starts from scratch.
   *
   * @throws BuildFileException when the build file is wrong
   */
  public static List<String> bases(String buildFile) {
    String base = BuildFileParser.parse(buildFile).base();
    return base.equals("scratch") ? List.of() : List.of(base);
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
    requirePlatform(file);
    ExecutorService threads = Executors.newCachedThreadPool();
    try (TempFolder folder = TempFolder.create()) {
      JibContainerBuilder builder = builder(file);
      configure(builder, file);
      LayerFiles files = new LayerFiles(context);
      for (BuildFile.Layer layer : file.layers()) {
        builder.addFileEntriesLayer(files.layer(layer));
      }
      Containerizer target =
          Containerizer.to(new EngineClient(engine), DockerDaemonImage.named(name))
              .setOfflineMode(true)
              .setToolName("three-image-diet")
              .setExecutorService(threads)
              .setBaseImageLayersCache(Caches.file("jib"))
              .setApplicationLayersCache(folder.path());
      // An equal image may be removed while this one is given its name, and take it along.
      Optional<String> id = Optional.empty();
      for (int attempt = 0; attempt < ATTEMPTS && id.isEmpty(); attempt++) {
        builder.containerize(target);
        id = engine.imageId(name);
      }
      return id.orElseThrow(
          () ->
              new EnvironmentException(
                  ("Three times %s was built and then was not in the engine; see what removes images"
                          + " there, and run again.")
                      .formatted(name)));
    } catch (InvalidImageReferenceException e) {
      throw new BuildFileException("jib.yaml: " + e.getMessage() + ".", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EnvironmentException environment) {
        throw environment;
      }
      throw new EnvironmentException("Jib failed: " + e.getCause() + ".", e);
    } catch (IOException | RegistryException | CacheDirectoryCreationException e) {
      throw new EnvironmentException("Jib failed: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while Jib was building.", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private void requirePlatform(BuildFile file) {
    List<String> mine = List.of("linux/" + engine.architecture());
    if (!file.platforms().isEmpty() && !file.platforms().equals(mine)) {
      throw new BuildFileException(
          "jib.yaml: from.platforms asks for %s; the local engine builds %s and nothing else."
              .formatted(Clean.quoted(String.join(", ", file.platforms())), mine.get(0)));
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
    file.volumes().forEach(path -> builder.addVolume(AbsoluteUnixPath.get(path)));
    Ports.parse(file.exposedPorts()).forEach(builder::addExposedPort);
    file.workingDirectory()
        .ifPresent(path -> builder.setWorkingDirectory(AbsoluteUnixPath.get(path)));
    file.user().ifPresent(builder::setUser);
    file.entrypoint().ifPresent(builder::setEntrypoint);
    file.command().ifPresent(builder::setProgramArguments);
  }
}
