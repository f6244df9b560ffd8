package org.imagediet.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.async.ResultCallbackTemplate;
import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.core.command.WaitContainerResultCallback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.imagediet.image.FileNames;
import org.imagediet.report.Clean;
import org.jspecify.annotations.Nullable;

/** A container behind Docker's API. */
final class DockerContainer implements Container {

  private static final int LOG_BYTES = 16 << 10;
  private static final int OUTPUT_BYTES = 64 << 10;
  private static final int LINE_BYTES = 1 << 20;

  /** Nothing that a lab's service writes comes near. */
  private static final long MOST_WRITTEN = 1_000_000_000L;

  private final String id;
  private final long memoryBytes;
  private final DockerEngine engine;
  private final DockerClient client;
  private final DockerClient patient;
  private final Consumer<DockerContainer> whenGone;
  private volatile Optional<MachineWatch> watch = Optional.empty();
  private volatile Optional<String> overrun = Optional.empty();

  DockerContainer(
      String id, long memoryBytes, DockerEngine engine, Consumer<DockerContainer> whenGone) {
    this.id = id;
    this.memoryBytes = memoryBytes;
    this.engine = engine;
    this.whenGone = whenGone;
    client = engine.client();
    patient = engine.patientClient();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public void copyIn(String directory, InputStream tar) {
    DockerEngine.guarded(
        () ->
            client
                .copyArchiveToContainerCmd(id)
                .withRemotePath(directory)
                .withTarInputStream(tar)
                .exec());
  }

  @Override
  public InputStream copyOut(String path) {
    if (!FileNames.plain(path)) {
      throw new EnvironmentException(
          "The engine cannot be asked for %s, whose name is not UTF-8; rename the file."
              .formatted(Clean.quoted(path)));
    }
    return DockerEngine.guarded(() -> patient.copyArchiveFromContainerCmd(id, path).exec());
  }

  @Override
  public void commit(String name) {
    ImageName image = ImageName.parse(name);
    DockerEngine.guarded(
        () -> client.commitCmd(id).withRepository(image.repository()).withTag(image.tag()).exec());
  }

  @Override
  public Optional<String> start() {
    try {
      watch = Optional.of(MachineWatch.start(engine, MachineLimits.OF_A_CONTAINER));
      client.startContainerCmd(id).exec();
      return Optional.empty();
    } catch (DockerException e) {
      return Optional.of(DockerEngine.reason(e));
    }
  }

  @Override
  public Conversation converse(Consumer<String> line) {
    LineFeed input = new LineFeed();
    var attached =
        patient
            .attachContainerCmd(id)
            .withStdIn(input)
            .withStdOut(true)
            .withFollowStream(true)
            .exec(new Lines(line));
    try {
      attached.awaitStarted(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while connecting to a container.", e);
    }
    return new Conversation() {
      @Override
      public void send(String text) {
        input.add(text);
      }

      @Override
      public void close() {
        input.close();
        try {
          attached.close();
        } catch (IOException e) {
          // The container is removed next; how its streams end does not matter.
        }
      }
    };
  }

  /** Cuts standard output into lines. */
  private static final class Lines extends ResultCallbackTemplate<Lines, Frame> {
    private final Consumer<String> line;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    Lines(Consumer<String> line) {
      this.line = line;
    }

    @Override
    public void onNext(Frame frame) {
      if (frame.getStreamType() != StreamType.STDOUT) {
        return;
      }
      for (byte b : frame.getPayload()) {
        if (b == '\n') {
          line.accept(pending.toString(StandardCharsets.UTF_8));
          pending.reset();
        } else if (pending.size() < LINE_BYTES) {
          pending.write(b);
        }
      }
    }
  }

  @Override
  public OptionalInt await(Duration deadline) {
    try (var ended = patient.waitContainerCmd(id).exec(new WaitContainerResultCallback())) {
      return OptionalInt.of(ended.awaitStatusCode(deadline.toMillis(), TimeUnit.MILLISECONDS));
    } catch (NotFoundException e) {
      throw new EnvironmentException("A container of ours was removed by someone else.", e);
    } catch (DockerException e) {
      throw new EnvironmentException("The engine refused: " + DockerEngine.reason(e) + ".", e);
    } catch (IOException | RuntimeException e) {
      return OptionalInt.empty();
    }
  }

  @Override
  public Stopped stop(Duration grace) {
    return DockerEngine.guarded(
        () -> {
          Instant asked = Instant.now();
          try {
            patient.stopContainerCmd(id).withTimeout((int) grace.toSeconds()).exec();
          } catch (NotModifiedException e) {
            // It had ended before; the state below says how.
          }
          Duration took = Duration.between(asked, Instant.now());
          ContainerState state = client.inspectContainerCmd(id).exec().getState();
          Long code = state.getExitCodeLong();
          return new Stopped(
              code == null ? -1 : code.intValue(),
              // It had ended before the engine answered, however far ahead the engine's clock is.
              finished(state, asked).filter(end -> end.compareTo(took) < 0).orElse(took));
        });
  }

  /** By the engine's own clock, when that is this machine's too; else its answer time stands. */
  private static Optional<Duration> finished(ContainerState state, Instant asked) {
    try {
      Duration took =
          Duration.between(
              asked, Instant.parse(Optional.ofNullable(state.getFinishedAt()).orElse("")));
      return took.isNegative() || took.toMinutes() > 10 ? Optional.empty() : Optional.of(took);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  @Override
  public Executed execute(List<String> argv, Duration deadline) {
    return DockerEngine.guarded(
        () -> {
          String exec =
              client
                  .execCreateCmd(id)
                  .withCmd(argv.toArray(String[]::new))
                  .withAttachStdout(true)
                  .withAttachStderr(true)
                  .exec()
                  .getId();
          Output output = new Output(OUTPUT_BYTES);
          boolean ended;
          try (output) {
            patient.execStartCmd(exec).exec(output);
            ended = output.awaitCompletion(deadline.toMillis(), TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("Interrupted while running a program.", e);
          } catch (IOException e) {
            ended = false;
          } catch (DockerException e) {
            return new Executed(OptionalInt.empty(), DockerEngine.reason(e));
          }
          Long code = ended ? client.inspectExecCmd(exec).exec().getExitCodeLong() : null;
          return new Executed(
              code == null ? OptionalInt.empty() : OptionalInt.of(code.intValue()), output.text());
        });
  }

  @Override
  public boolean startAndSays(String text, Duration deadline) {
    Listener listener = new Listener(text.getBytes(StandardCharsets.UTF_8));
    try (listener) {
      patient
          .attachContainerCmd(id)
          .withStdOut(true)
          .withStdErr(true)
          .withFollowStream(true)
          .exec(listener);
      listener.awaitStarted(10, TimeUnit.SECONDS);
      if (start().isPresent()) {
        return false;
      }
      listener.awaitCompletion(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while listening to a container.", e);
    } catch (IOException | RuntimeException e) {
      // What was heard by then stands.
    }
    return listener.heard();
  }

  /** Looks for a text in what goes by, and ends when it has found it. */
  private static final class Listener extends ResultCallback.Adapter<Frame> {
    private final byte[] text;
    private final ByteArrayOutputStream last = new ByteArrayOutputStream();
    private boolean heard;

    Listener(byte[] text) {
      this.text = text;
    }

    @Override
    public synchronized void onNext(Frame frame) {
      last.writeBytes(frame.getPayload());
      String window = last.toString(StandardCharsets.ISO_8859_1);
      if (window.contains(new String(text, StandardCharsets.ISO_8859_1))) {
        heard = true;
        onComplete();
      }
      // The text may go on in the next piece.
      int kept = Math.min(last.size(), text.length - 1);
      byte[] all = last.toByteArray();
      last.reset();
      last.write(all, all.length - kept, kept);
    }

    synchronized boolean heard() {
      return heard;
    }
  }

  @Override
  public boolean running() {
    return DockerEngine.guarded(
        () -> Boolean.TRUE.equals(client.inspectContainerCmd(id).exec().getState().getRunning()));
  }

  @Override
  public Optional<String> ended() {
    ContainerState state =
        DockerEngine.guarded(() -> client.inspectContainerCmd(id).exec().getState());
    if (Boolean.TRUE.equals(state.getRunning()) || "created".equals(state.getStatus())) {
      return Optional.empty();
    }
    if (overrun.isPresent()) {
      return overrun;
    }
    return Optional.of(
        Boolean.TRUE.equals(state.getOOMKilled())
            ? "it was killed, since it used more than %d MB of memory".formatted(memoryBytes >> 20)
            : "it ended with exit code " + state.getExitCodeLong());
  }

  /** What is written to a volume is not among what a container has written. */
  private static boolean hasVolumes(InspectContainerResponse now) {
    return now.getMounts() != null && !now.getMounts().isEmpty();
  }

  /** Kills it when it fills the disk: few storage drivers bound what a container writes. */
  void lookAfter() {
    if (watch.isEmpty() || overrun.isPresent()) {
      return;
    }
    try {
      var now = client.inspectContainerCmd(id).withSize(true).exec();
      Optional<String> reason = Optional.empty();
      if (now.getSizeRw() != null && now.getSizeRw() > MOST_WRITTEN) {
        reason = Optional.of("more than %d MB".formatted(MOST_WRITTEN / 1_000_000));
      } else if (hasVolumes(now) && !watch.get().wellNow()) {
        reason = Optional.of("so much that " + watch.get().exceeded().orElseThrow());
      }
      if (reason.isPresent()) {
        overrun = Optional.of("it was killed, since it wrote " + reason.get());
        client.killContainerCmd(id).exec();
      }
    } catch (RuntimeException e) {
      // Gone meanwhile, or it ended by itself.
    }
  }

  @Override
  public Optional<Health> health() {
    return DockerEngine.guarded(
        () ->
            Optional.ofNullable(client.inspectContainerCmd(id).exec().getState().getHealth())
                .filter(health -> health.getStatus() != null)
                .map(health -> new Health(health.getStatus(), looks(health))));
  }

  private static List<Look> looks(HealthState health) {
    return Optional.ofNullable(health.getLog()).orElse(List.of()).stream()
        .map(
            look ->
                new Look(
                    Optional.ofNullable(look.getExitCodeLong()).orElse(-1L).intValue(),
                    Optional.ofNullable(look.getOutput()).orElse("")))
        .toList();
  }

  @Override
  public ResourceLimits limits() {
    HostConfig host =
        DockerEngine.guarded(() -> client.inspectContainerCmd(id).exec().getHostConfig());
    return new ResourceLimits(
        limit(host.getMemory()), limit(host.getPidsLimit()), limit(host.getNanoCPUs()));
  }

  private static OptionalLong limit(@Nullable Long value) {
    return value == null || value <= 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Override
  public String log() {
    Output output = new Output(LOG_BYTES);
    try (output) {
      client
          .logContainerCmd(id)
          .withStdOut(true)
          .withStdErr(true)
          .withTail(200)
          .exec(output)
          .awaitCompletion(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      // A log that cannot be read is an empty one: it only ever adds colour to a message.
    }
    return output.text();
  }

  /** Keeps the first bytes of what arrives and drops the rest. */
  private static final class Output extends ResultCallback.Adapter<Frame> {
    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Output(int most) {
      this.most = most;
    }

    @Override
    public synchronized void onNext(Frame frame) {
      byte[] payload = frame.getPayload();
      bytes.write(payload, 0, Math.min(payload.length, most - bytes.size()));
    }

    synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    try {
      client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    } catch (RuntimeException e) {
      // Gone already, or the engine is: a later run sweeps what is left.
    }
    whenGone.accept(this);
  }
}
