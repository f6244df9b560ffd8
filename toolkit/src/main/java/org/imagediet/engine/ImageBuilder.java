package org.imagediet.engine;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Builds images from Dockerfiles. */
public interface ImageBuilder {

  /**
   * Builds one image.
   *
   * @param line receives each line of the builder's output
   * @throws EnvironmentException when the machine, not the Dockerfile, is at fault
   */
  BuildResult build(BuildRequest request, Consumer<String> line);

  /** Names the builder for a person, such as {@code BuildKit (/usr/bin/docker)}. */
  String description();

  /** Returns whether a build can be handed a secret. */
  boolean takesSecrets();

  /**
   * Chooses BuildKit where a docker command line on this machine can drive it, else the engine's
   * classic builder, which knows no {@code RUN --mount}. What is built beside the same image's
   * removal is built again.
   */
  static ImageBuilder choose(Engine engine) {
    for (String program : candidates()) {
      Optional<ImageBuilder> buildKit = BuildKit.of(program, engine);
      if (buildKit.isPresent()) {
        return new RepeatingBuilder(buildKit.get());
      }
    }
    return new RepeatingBuilder(new ClassicBuilder(engine));
  }

  /** Every docker on the PATH, not only the first: a newer one may lack its BuildKit plug-in. */
  private static Set<String> candidates() {
    Set<String> programs = new LinkedHashSet<>();
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(":")) {
      programs.add(folder + "/docker");
    }
    programs.add("/usr/bin/docker");
    programs.removeIf(program -> !new java.io.File(program).canExecute());
    return programs;
  }
}
