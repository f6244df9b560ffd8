package org.imagediet.engine;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The machine that this runs on. */
final class LocalMachine implements Machine {

  private final EnginePing ping = new EnginePing(EngineLocator.DEADLINE, Optional.empty());

  @Override
  public Path root() {
    return Path.of("/");
  }

  @Override
  public boolean superuser() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "root".equals(System.getProperty("user.name"));
    }
  }

  @Override
  public Path stateFolder() {
    String state = System.getenv("XDG_STATE_HOME");
    Path base =
        state == null || state.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state).toAbsolutePath();
    return base.resolve("three-image-diet");
  }

  @Override
  public Command.Result run(Duration deadline, Consumer<String> line, List<String> argv) {
    return Command.of(argv)
        .environment("DEBIAN_FRONTEND", "noninteractive")
        .environment("LC_ALL", "C.UTF-8")
        .environment("PATH", path())
        .onLine(line)
        .run(deadline);
  }

  @Override
  public Daemon startDetached(List<String> argv, Path log) throws IOException {
    List<String> detached = new ArrayList<>(List.of("setsid"));
    detached.addAll(argv);
    ProcessBuilder builder =
        new ProcessBuilder(detached)
            .directory(new File("/"))
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("PATH", path());
    return new Detached(builder.start());
  }

  /** Returns the search path with the administrator's programs, which `su` may leave out. */
  private static String path() {
    String path = System.getenv("PATH");
    return (path == null ? "/usr/bin:/bin" : path) + ":/usr/sbin:/sbin";
  }

  @Override
  public EnginePing.Answer ask(URI address) {
    return ping.ask(address);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while waiting for the engine.", e);
    }
  }

  private record Detached(Process process) implements Daemon {

    @Override
    public long pid() {
      // A child of ours leads no process group, so setsid becomes the program without a fork.
      return process.pid();
    }

    @Override
    public boolean alive() {
      return process.isAlive();
    }

    @Override
    public void stop() {
      process.destroy();
    }
  }
}
