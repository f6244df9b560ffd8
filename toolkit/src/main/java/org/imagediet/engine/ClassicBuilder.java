package org.imagediet.engine;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.model.BuildResponseItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The engine's own classic builder, for machines without a docker command line. */
final class ClassicBuilder implements ImageBuilder {

  private static final int LAST_LINES = 60;
  private static final int LINE_CHARACTERS = 2000;
  private static final int LOOK_MILLIS = 200;

  private static final Pattern NEEDS_BUILDKIT =
      Pattern.compile("the --[a-z]+ option requires BuildKit.*", Pattern.DOTALL);

  private final Engine engine;

  ClassicBuilder(Engine engine) {
    this.engine = engine;
  }

  private static String cut(String text) {
    return text.length() > LINE_CHARACTERS ? text.substring(0, LINE_CHARACTERS) : text;
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
            .withPull(false);
    Builders.network().ifPresent(build::withNetworkMode);
    request.target().ifPresent(build::withTarget);
    request.arguments().forEach(build::withBuildArg);
    String failure = "";
    boolean ended = false;
    MachineWatch watch = MachineWatch.start(engine, request.limits());
    long end = System.nanoTime() + request.deadline().toNanos();
    // The callback's own way of waiting for a while ends the build with the while.
    CountDownLatch over = new CountDownLatch(1);
    AtomicBoolean refused = new AtomicBoolean();
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
                    last.add(cut(text.strip()));
                    if (last.size() > LAST_LINES) {
                      last.remove(0);
                    }
                  }
                  line.accept(text.strip());
                }
                // Not the words "Successfully built", which any step can print.
                refused.compareAndSet(false, item.isErrorIndicated());
                super.onNext(item);
              }

              @Override
              public void onComplete() {
                super.onComplete();
                over.countDown();
              }

              @Override
              public void onError(Throwable throwable) {
                super.onError(throwable);
                over.countDown();
              }
            })) {
      while (!ended && System.nanoTime() < end && watch.wellNow()) {
        ended = over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
      if (ended) {
        outcome.awaitCompletion();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while building.", e);
    } catch (IOException | RuntimeException e) {
      ended = true;
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
      return Builders.ended(
          engine,
          request,
          ended && failure.isEmpty() && !refused.get(),
          Builders.stopped(!ended, request.deadline(), watch),
          List.copyOf(last));
    }
  }
}
