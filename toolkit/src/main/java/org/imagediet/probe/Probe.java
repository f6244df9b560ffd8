package org.imagediet.probe;

import java.io.ByteArrayInputStream;
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
import java.util.stream.Collectors;
import org.imagediet.archive.TarBytes;
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

  private static final String PASSWORD = "lab";
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  /** How long a service is asked before we look whether it still runs. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Half a thousand connections for one request are none of a service's. */
  private static final int MOST_VISITS = 500;

  private static final List<String> TOP_LEVEL = List.of("com", "net", "org");

  private final SecureRandom random = new SecureRandom();
  private final Engine engine;

  /** Java with our program beside it, so that not every reader has to be handed it. */
  private final String image;

  /** Nobody's, so that a process of the image can neither touch ours nor be one of its user's. */
  private final String user;

  /**
   * Every name below it leads to the probe. Like the ports it is no sign of whose servers it is.
   */
  private final String domain;

  private final Map<Server, Integer> ports = new EnumMap<>(Server.class);
  private final LabAuthority authority;
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
    this.engine = engine;
    authority = LabAuthority.create();
    int id = 20_000 + random.nextInt(40_000);
    user = id + ":" + id;
    domain = word() + "." + TOP_LEVEL.get(random.nextInt(TOP_LEVEL.size()));
    hostName = word() + "." + domain;
    List<Integer> free =
        random.ints(20_000, 30_000).distinct().limit(Server.values().length).boxed().toList();
    for (Server server : Server.values()) {
      ports.put(server, free.get(server.ordinal()));
    }
    image = engine.temporaryName("probe");
    List<String> arguments = new ArrayList<>(List.of("serve", domain));
    ports.forEach((server, port) -> arguments.add(server.label() + ":" + port));
    container =
        engine.create(
            program(base, arguments).dns("127.0.0.1").input().memoryBytes(384L << 20).build());
    CompletableFuture<Reply> ready = new CompletableFuture<>();
    replies.put("0", ready);
    try {
      container.copyIn("/", new ByteArrayInputStream(programTar()));
      container.commit(image);
    } catch (RuntimeException e) {
      container.close();
      throw e;
    }
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

  private String word() {
    return random
        .ints(4 + random.nextInt(8), 'a', 'z' + 1)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  /** Returns the domain whose names all lead to the probe. */
  public String domain() {
    return domain;
  }

  /** Returns a URL, never used before, of one of the TLS servers. */
  public String url(Server server) {
    return "https://%s:%d/%s"
        .formatted(hostName, ports.get(server), Long.toHexString(random.nextLong()));
  }

  /** Creates a container on the probe's loopback. One at a time: they all listen on one port. */
  public Container create(ContainerSpec.Builder spec) {
    return engine.create(spec.networkOf(container).build());
  }

  /**
   * Asks a started container until the answer is 200, it has ended or the deadline is over.
   *
   * @return nothing when it is, else why it has ended or what was seen last
   */
  public Optional<String> awaitOk(Container asked, int port, String path, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      Reply reply = command("await", LOOK, local(port, path), Long.toString(LOOK.toMillis()));
      if (reply.ok()) {
        return Optional.empty();
      }
      Optional<String> ended = asked.ended();
      if (ended.isPresent()) {
        return ended;
      }
      if (System.nanoTime() > end) {
        return Optional.of(reply.field(0));
      }
    }
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

  /** Forgets the connections and the names asked for so far. */
  public void forget() {
    fetchVisits();
    visits.clear();
    namesAsked();
  }

  /**
   * Returns the connections to one TLS server since the last call; waits a second for the first.
   *
   * @throws NoAnswerException when there were so many that some were not noted
   */
  public List<Visit> visits(Server server) {
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (true) {
      fetchVisits();
      if (visits.size() > MOST_VISITS) {
        throw new NoAnswerException("it made more than " + MOST_VISITS + " connections at once");
      }
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
      if (!user.startsWith(portAndOwner[1] + ":")) {
        ports.add(Integer.parseInt(portAndOwner[0]));
      }
    }
    return ports;
  }

  /**
   * Reads the state of every process of a running container from the kernel.
   *
   * @throws NoAnswerException when they cannot be read
   */
  public List<ProcessState> processes(Container target) {
    return Confinement.parse(look(program(image, List.of("processes")).processesOf(target)))
        .processes();
  }

  /**
   * Reads from the kernel how a running container is confined.
   *
   * @throws NoAnswerException when its processes cannot be read
   */
  public Confinement confinement(Container target) {
    ContainerSpec.Builder spec = program(image, List.of("confinement")).processesOf(target);
    List<String> lines;
    try {
      lines = look(spec.hostCgroups());
    } catch (EnvironmentException | NoAnswerException e) {
      // An engine may refuse to show its machine's control groups; all else can be read without.
      lines = look(program(image, List.of("confinement")).processesOf(target));
    }
    return Confinement.parse(lines);
  }

  private List<String> look(ContainerSpec.Builder spec) {
    List<String> lines = new ArrayList<>();
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    // On our own loopback, since one more would take the engine as long again.
    try (Container reader = create(spec)) {
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
          if (!container.running()) {
            throw new EnvironmentException("The probe container ended; run again.");
          }
          throw new NoAnswerException("its processes cannot be read: " + problem.get());
        }
        await(end, reader);
      } catch (TimeoutException | ExecutionException e) {
        throw new NoAnswerException("its processes could not be read");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EnvironmentException("Interrupted while reading processes.", e);
      }
    }
    return lines;
  }

  /** Waits for a reader's last word; what it looks at may have killed it. */
  private static void await(CompletableFuture<Boolean> end, Container reader)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadline = System.nanoTime() + START_DEADLINE.toNanos();
    while (true) {
      boolean last = System.nanoTime() > deadline || !reader.running();
      try {
        end.get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        if (last) {
          throw e;
        }
      }
    }
  }

  private ContainerSpec.Builder program(String from, List<String> arguments) {
    List<String> argv = new ArrayList<>();
    // The probe lives for seconds to minutes: the quick compiler and one collector thread suffice.
    argv.addAll(
        List.of("/usr/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    argv.addAll(List.of("-cp", "/probe", Agent.class.getName()));
    argv.addAll(arguments);
    return ContainerSpec.image(from)
        .entrypoint(argv.toArray(String[]::new))
        .user(user)
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
    TarBytes tar = new TarBytes();
    try {
      for (Class<?> type : Agent.parts()) {
        for (Class<?> member : type.getNestMembers()) {
          String path = member.getName().replace('.', '/') + ".class";
          try (InputStream in = Probe.class.getResourceAsStream("/" + path)) {
            tar.file("/probe/" + path, 0444, in.readAllBytes());
          }
        }
      }
      LabAuthority nobodys = LabAuthority.create();
      Map<Server, byte[]> keys = new EnumMap<>(Server.class);
      keys.put(Server.GOOD, authority.serverKeys(hostName, false, PASSWORD));
      keys.put(Server.EXPIRED, authority.serverKeys(hostName, true, PASSWORD));
      keys.put(Server.WRONG_HOST, authority.serverKeys("other." + domain, false, PASSWORD));
      keys.put(Server.UNTRUSTED, nobodys.serverKeys(hostName, false, PASSWORD));
      for (Map.Entry<Server, byte[]> key : keys.entrySet()) {
        tar.file("/probe/" + key.getKey().label() + ".p12", 0444, key.getValue());
      }
    } catch (IOException e) {
      throw new IllegalStateException("the probe's program is not on the class path", e);
    }
    return tar.bytes();
  }

  @Override
  public void close() {
    if (conversation != null) {
      conversation.close();
    }
    container.close();
    try {
      engine.untag(image);
    } catch (EnvironmentException e) {
      // The engine is closed and took it along, or it has gone and a later run sweeps what is left.
    }
  }
}
