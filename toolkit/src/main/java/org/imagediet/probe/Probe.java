package org.imagediet.probe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.probe.inside.Agent;

/**
 * A container of ours with a loopback of its own and nothing beyond it. The images under test run
 * one after the other on that same loopback, where they find a name server and TLS servers, and
 * where we ask them questions. No port is published, so it works alike with a local, a rootless and
 * a remote engine, and the image has no way out.
 */
public final class Probe implements AutoCloseable {

  /** The image whose Java runs the probe. */
  public static final String BASE = "gcr.io/distroless/java25-debian13:nonroot";

  /** Every name below it leads to the probe. */
  public static final String DOMAIN = "lab.test";

  private static final String PASSWORD = "lab";
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  /** Neither root nor the user of any image, so that a process of the image cannot touch ours. */
  private static final String UID = "64123";

  private final Engine engine;
  private final String base;
  private final LabAuthority authority;
  private final byte[] program;
  private final Container container;
  private final Map<String, CompletableFuture<Reply>> replies = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final List<Visit> visits = new ArrayList<>();
  private final String hostName;
  private final Container.Conversation conversation;

  /**
   * Starts a probe.
   *
   * @param base the local name of {@link #BASE}
   * @throws EnvironmentException when it does not come up
   */
  public static Probe start(Engine engine, String base) {
    return new Probe(engine, base);
  }

  private Probe(Engine engine, String base) {
    this.base = base;
    this.engine = engine;
    authority = LabAuthority.create();
    hostName = "host-" + Long.toHexString(new SecureRandom().nextLong()) + "." + DOMAIN;
    program = programTar();
    List<String> arguments = new ArrayList<>(List.of("serve", DOMAIN));
    for (Server server : Server.values()) {
      arguments.add(server.label() + ":" + server.port());
    }
    container =
        engine.create(program(arguments).dns("127.0.0.1").input().memoryBytes(384L << 20).build());
    CompletableFuture<Reply> ready = new CompletableFuture<>();
    replies.put("0", ready);
    container.copyIn("/", new ByteArrayInputStream(program));
    conversation = container.converse(this::receive);
    container
        .start()
        .ifPresent(
            reason -> {
              throw new EnvironmentException("The probe container does not start: " + reason + ".");
            });
    try {
      ready.get(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      String log = container.log();
      close();
      throw new EnvironmentException(
          "The probe container did not come up: " + (log.isBlank() ? "it is silent" : log), e);
    }
  }

  /** Returns the authority that signed the certificate of {@link Server#GOOD}. */
  public LabAuthority authority() {
    return authority;
  }

  /** Returns a URL, never used before, of one of the TLS servers. */
  public String url(Server server) {
    return "https://%s:%d/%s"
        .formatted(hostName, server.port(), Long.toHexString(new SecureRandom().nextLong()));
  }

  /** Creates a container on the probe's loopback. One at a time: they all listen on one port. */
  public Container create(ContainerSpec.Builder spec) {
    return engine.create(spec.networkOf(container).build());
  }

  /**
   * Asks until the answer is 200.
   *
   * @return nothing when it is, else what was seen last
   */
  public Optional<String> awaitOk(int port, String path, Duration deadline) {
    Reply reply = command("await", deadline, local(port, path), Long.toString(deadline.toMillis()));
    return reply.ok() ? Optional.empty() : Optional.of(reply.field(0));
  }

  /**
   * Asks the service on the probe's loopback once.
   *
   * @throws NoAnswerException when no complete answer comes in time
   */
  public Answer ask(int port, String method, String path, Duration deadline) {
    Reply reply =
        command("ask", deadline, method, local(port, path), Long.toString(deadline.toMillis()));
    if (!reply.ok()) {
      throw new NoAnswerException(reply.field(0));
    }
    return new Answer(Integer.parseInt(reply.field(0)), reply.field(1));
  }

  /**
   * Returns the connections to one TLS server since the last call; waits a second for the first.
   */
  public List<Visit> visits(Server server) {
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (true) {
      fetchVisits();
      List<Visit> found = visits.stream().filter(visit -> visit.server() == server).toList();
      if (!found.isEmpty() || System.nanoTime() > end) {
        visits.removeAll(found);
        return found;
      }
      pause();
    }
  }

  private void fetchVisits() {
    List<String> fields = command("visits", Duration.ofSeconds(5)).fields();
    for (int i = 0; i + 4 < fields.size(); i += 5) {
      String label = fields.get(i);
      visits.add(
          new Visit(
              Arrays.stream(Server.values())
                  .filter(server -> server.label().equals(label))
                  .findFirst()
                  .orElseThrow(),
              fields.get(i + 1).equals("true") ? Optional.of(fields.get(i + 2)) : Optional.empty(),
              fields.get(i + 3),
              fields.get(i + 4)));
    }
  }

  /** Returns the names that were looked up since the last call. */
  public List<String> namesAsked() {
    return command("names", Duration.ofSeconds(5)).fields();
  }

  /**
   * Returns the TCP ports that the kernel has others than us listening on, on the loopback that
   * they share with us.
   */
  public Set<Integer> listening() {
    Set<Integer> ports = new TreeSet<>();
    for (String listener : command("listening", Duration.ofSeconds(5)).fields()) {
      String[] portAndOwner = listener.split(" ");
      if (!portAndOwner[1].equals(UID)) {
        ports.add(Integer.parseInt(portAndOwner[0]));
      }
    }
    return ports;
  }

  /** Reads the state of every process of a running container from the kernel. */
  public List<ProcessState> processes(Container target) {
    List<String> lines = new ArrayList<>();
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    try (Container reader =
        engine.create(program(List.of("processes")).processesOf(target).build())) {
      reader.copyIn("/", new ByteArrayInputStream(program));
      try (var output =
          reader.converse(
              line -> {
                if (line.equals("end")) {
                  end.complete(true);
                } else {
                  lines.add(line);
                }
              })) {
        Optional<String> problem = reader.start();
        if (problem.isPresent()) {
          throw new NoAnswerException("its processes cannot be read: " + problem.get());
        }
        end.get(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        throw new NoAnswerException("its processes could not be read");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EnvironmentException("Interrupted while reading processes.", e);
      }
    }
    List<ProcessState> states = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      states.add(
          ProcessState.parse(
              Integer.parseInt(words[0]),
              new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8)));
    }
    return states;
  }

  private ContainerSpec.Builder program(List<String> arguments) {
    List<String> argv = new ArrayList<>();
    // The probe lives for seconds to minutes: the quick compiler and one collector thread suffice.
    argv.addAll(
        List.of("/usr/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    argv.addAll(List.of("-cp", "/probe", Agent.class.getName()));
    argv.addAll(arguments);
    return ContainerSpec.image(base)
        .entrypoint(argv.toArray(String[]::new))
        .user(UID + ":" + UID)
        .unprivileged();
  }

  private static String local(int port, String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private record Reply(boolean ok, List<String> fields) {
    String field(int index) {
      return index < fields.size() ? fields.get(index) : "";
    }
  }

  private void receive(String line) {
    String[] words = line.split(" ");
    CompletableFuture<Reply> waiting = replies.remove(words[0]);
    if (waiting == null || words.length < 2) {
      return;
    }
    List<String> fields = new ArrayList<>();
    for (int i = 2; i < words.length; i++) {
      fields.add(
          new String(Base64.getDecoder().decode(words[i].substring(1)), StandardCharsets.UTF_8));
    }
    waiting.complete(new Reply(!words[1].equals("failed"), fields));
  }

  private Reply command(String word, Duration deadline, String... arguments) {
    String id = Long.toString(lastId.incrementAndGet());
    StringBuilder line = new StringBuilder(id).append(' ').append(word);
    for (String argument : arguments) {
      line.append(' ')
          .append(Base64.getEncoder().encodeToString(argument.getBytes(StandardCharsets.UTF_8)));
    }
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    replies.put(id, reply);
    conversation.send(line.toString());
    try {
      return reply.get(deadline.toMillis() + 10_000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while waiting for the probe.", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new EnvironmentException("The probe container stopped answering; run again.", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while waiting for the probe.", e);
    }
  }

  /** The classes of the program and the servers' keys, below {@code /probe}. */
  private byte[] programTar() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Class<?> type : Agent.parts()) {
        for (Class<?> member : type.getNestMembers()) {
          String path = member.getName().replace('.', '/') + ".class";
          try (InputStream in = Probe.class.getResourceAsStream("/" + path)) {
            put(tar, "probe/" + path, in.readAllBytes());
          }
        }
      }
      LabAuthority nobodys = LabAuthority.create();
      Map<Server, byte[]> keys = new EnumMap<>(Server.class);
      keys.put(Server.GOOD, authority.serverKeys(hostName, false, PASSWORD));
      keys.put(Server.EXPIRED, authority.serverKeys(hostName, true, PASSWORD));
      keys.put(Server.WRONG_HOST, authority.serverKeys("other." + DOMAIN, false, PASSWORD));
      keys.put(Server.UNTRUSTED, nobodys.serverKeys(hostName, false, PASSWORD));
      for (Map.Entry<Server, byte[]> key : keys.entrySet()) {
        put(tar, "probe/" + key.getKey().label() + ".p12", key.getValue());
      }
    } catch (IOException e) {
      throw new IllegalStateException("the probe's program is not on the class path", e);
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setMode(0444);
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  @Override
  public void close() {
    if (conversation != null) {
      conversation.close();
    }
    container.close();
  }
}
