package org.imagediet.probe.inside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The probe's program. {@code serve DOMAIN NAME:PORT…} obeys commands from standard input until
 * that ends; {@code processes} prints the states of the processes around it and ends; {@code
 * confinement} prints also the mounts and the limits of the first of them.
 *
 * <p>A command is one line, {@code ID WORD ARGUMENT…}; its reply is one line, {@code ID ok FIELD…}
 * or {@code ID failed FIELD}. Arguments and fields are base64. Replies come as they are ready.
 */
public final class Agent {

  /** One more than any service makes: who is told of so many knows that some were left out. */
  private static final int VISITS_KEPT = 501;

  private final PrintStream out;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
          });
  private final HttpVisitor visitor = new HttpVisitor(workers);
  private final List<TlsServer.Visit> visits = new ArrayList<>();
  private final NameServer names;

  private Agent(PrintStream out, String domain) throws IOException {
    this.out = out;
    names = new NameServer(domain);
  }

  /** Returns the classes that the program consists of, beside those nested in them. */
  public static List<Class<?>> parts() {
    return List.of(
        Agent.class,
        Confinement.class,
        HttpVisitor.class,
        Listeners.class,
        NameServer.class,
        ProcessStates.class,
        TlsServer.class);
  }

  /** Runs one of the programs. */
  public static void main(String[] arguments) throws Exception {
    if (!arguments[0].equals("serve")) {
      look(arguments[0].equals("confinement"));
      return;
    }
    Agent agent = new Agent(System.out, arguments[1]);
    for (int i = 2; i < arguments.length; i++) {
      String[] nameAndPort = arguments[i].split(":");
      agent.listen(nameAndPort[0], Integer.parseInt(nameAndPort[1]));
    }
    agent.workers.execute(agent.names);
    agent.visitor.warmUp();
    agent.reply("0", "ready");
    agent.obey();
  }

  private static void look(boolean closely) throws IOException {
    OptionalLong first = ProcessStates.print(System.out);
    if (closely && first.isPresent()) {
      Confinement.print(System.out, first.getAsLong());
    }
    System.out.println("end");
    System.out.flush();
  }

  private void listen(String name, int port) throws IOException, GeneralSecurityException {
    Path keyStore = Path.of("/probe", name + ".p12");
    workers.execute(new TlsServer(name, port, keyStore, workers, this::record));
  }

  private void record(TlsServer.Visit visit) {
    synchronized (visits) {
      if (visits.size() < VISITS_KEPT) {
        visits.add(visit);
      }
    }
  }

  private void obey() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      workers.execute(() -> obey(words));
    }
  }

  private void obey(String[] words) {
    String id = words[0];
    try {
      switch (words[1]) {
        case "await":
          String reason =
              visitor.awaitHealthy(URI.create(decoded(words[2])), millis(decoded(words[3])));
          reply(id, reason.isEmpty() ? "ok" : "failed", reason);
          break;
        case "ask":
          HttpVisitor.Answer answer =
              visitor.ask(
                  decoded(words[2]), URI.create(decoded(words[3])), millis(decoded(words[4])));
          reply(
              id,
              "ok",
              Integer.toString(answer.status()),
              new String(answer.body(), StandardCharsets.UTF_8));
          break;
        case "visits":
          reply(id, "ok", visitFields());
          break;
        case "listening":
          reply(id, "ok", Listeners.now().toArray(String[]::new));
          break;
        case "names":
          reply(id, "ok", names.asked().toArray(String[]::new));
          break;
        default:
          reply(id, "failed", "unknown command " + words[1]);
      }
    } catch (IOException | InterruptedException | RuntimeException | OutOfMemoryError e) {
      // Also when an answer was too much for our memory: whoever asked is to hear of it.
      reply(id, "failed", String.valueOf(e.getMessage()));
    }
  }

  private String[] visitFields() {
    List<String> fields = new ArrayList<>();
    synchronized (visits) {
      for (TlsServer.Visit visit : visits) {
        fields.add(visit.server());
        fields.add(Boolean.toString(visit.request()));
        fields.add(visit.path());
        fields.add(visit.body());
        fields.add(visit.failure());
      }
      visits.clear();
    }
    return fields.toArray(String[]::new);
  }

  private void reply(String id, String word, String... fields) {
    StringBuilder line = new StringBuilder(id).append(' ').append(word);
    for (String field : fields) {
      // An empty field must still be seen between its neighbours.
      line.append(" =")
          .append(
              Base64.getEncoder()
                  .withoutPadding()
                  .encodeToString(field.getBytes(StandardCharsets.UTF_8)));
    }
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private static String decoded(String word) {
    return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }
}
