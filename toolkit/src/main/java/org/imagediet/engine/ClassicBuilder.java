package org.imagediet.engine;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.model.BuildResponseItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The engine's own classic builder, for machines without a docker command line. */
final class ClassicBuilder implements ImageBuilder {

  private static final int LAST_LINES = 60;

  private static final Pattern NEEDS_BUILDKIT =
      Pattern.compile("the --[a-z]+ option requires BuildKit.*", Pattern.DOTALL);

  private final Engine engine;

  ClassicBuilder(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String description() {
    return "the classic builder";
  }

  @Override
  public boolean takesSecrets() {
    return false;
  }

  @Override
  public BuildResult build(BuildRequest request, Consumer<String> line) {
    if (!(engine instanceof DockerEngine docker)) {
      throw new EnvironmentException("This engine cannot build; a docker command line is needed.");
    }
    List<String> last = new ArrayList<>();
    // The engine's own words, apart from what a step prints, which could say the same.
    List<String> errors = Collections.synchronizedList(new ArrayList<>());
    BuildImageCmd build =
        docker
            .patientClient()
            .buildImageCmd(request.context().resolve(request.dockerfile()).toFile())
            .withBaseDirectory(request.context().toFile())
            .withTags(Set.of(request.tag()))
            .withForcerm(true)
            .withRemove(true)
            .withNoCache(request.fresh())
            .withPull(false);
    request.target().ifPresent(build::withTarget);
    request.arguments().forEach(build::withBuildArg);
    String failure = "";
    boolean timedOut = false;
    try (BuildImageResultCallback outcome =
        build.exec(
            new BuildImageResultCallback() {
              @Override
              public void onNext(BuildResponseItem item) {
                String error =
                    item.getErrorDetail() == null ? null : item.getErrorDetail().getMessage();
                if (error != null) {
                  errors.add(error);
                }
                String text = item.getStream() == null ? error : item.getStream();
                if (text != null && !text.isBlank()) {
                  synchronized (last) {
                    last.add(text.strip());
                    if (last.size() > LAST_LINES) {
                      last.remove(0);
                    }
                  }
                  line.accept(text.strip());
                }
                super.onNext(item);
              }
            })) {
      timedOut = !outcome.awaitCompletion(request.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while building.", e);
    } catch (IOException | RuntimeException e) {
      failure = DockerEngine.reason(e);
    }
    synchronized (last) {
      if (!failure.isEmpty()) {
        last.add(failure);
      }
      if (errors.stream().anyMatch(text -> NEEDS_BUILDKIT.matcher(text).matches())) {
        throw new EnvironmentException(
            "This Dockerfile needs BuildKit; install a docker command line with its buildx plug-in"
                + " and run again.");
      }
      Builders.refuseEnvironmentFaults(last);
      boolean built =
          !timedOut && last.stream().anyMatch(text -> text.startsWith("Successfully built"));
      return new BuildResult(
          built ? engine.imageId(request.tag()) : Optional.empty(), timedOut, List.copyOf(last));
    }
  }
}
