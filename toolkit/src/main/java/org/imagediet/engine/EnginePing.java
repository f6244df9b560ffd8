package org.imagediet.engine;

import com.github.dockerjava.core.LocalDirectorySSLConfig;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;

/**
 * Asks an address whether an engine listens there, with a deadline: the client libraries would wait
 * for minutes, or silently take another engine.
 */
final class EnginePing {

  private static final int MOST_BYTES = 4096;
  private static final String REQUEST = "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n";

  private final Duration deadline;
  private final Optional<Path> certificates;

  /**
   * Prepares.
   *
   * @param certificates the folder of the client's certificates, when tcp addresses speak TLS
   */
  EnginePing(Duration deadline, Optional<Path> certificates) {
    this.deadline = deadline;
    this.certificates = certificates;
  }

  /** Why an address is no engine to us. */
  enum Problem {
    /** No such socket, or no such host. */
    ABSENT,
    /** The socket is there, or the host, and no process listens. */
    REFUSED,
    /** A process listens, and this user may not speak to it. */
    FORBIDDEN,
    /** Something accepts connections and never answers. */
    SILENT,
    /** Something else answers, or in another way than an engine. */
    STRANGE
  }

  /**
   * What came of asking.
   *
   * @param problem nothing when an engine answered
   * @param sentence what is wrong and what to do, without a full stop; empty when nothing is wrong
   */
  record Answer(URI address, Optional<Problem> problem, String sentence) {

    boolean good() {
      return problem.isEmpty();
    }

    /** Whether nothing at all is there, so that an engine may be started there. */
    boolean free() {
      return problem.filter(p -> p == Problem.ABSENT || p == Problem.REFUSED).isPresent();
    }

    private static Answer bad(URI address, Problem problem, String sentence) {
      return new Answer(address, Optional.of(problem), sentence);
    }
  }

  /** Asks, and returns within the deadline. */
  Answer ask(URI address) {
    return begin(address).get();
  }

  /** Begins to ask, so that several can be asked at the same time. */
  Pending begin(URI address) {
    CompletableFuture<String> text = new CompletableFuture<>();
    AtomicReference<Closeable> connection = new AtomicReference<>();
    Thread asker =
        new Thread(
            () -> {
              try {
                text.complete(
                    address.getScheme().equals("unix")
                        ? overUnixSocket(address, connection)
                        : overTcp(address, connection));
              } catch (IOException | RuntimeException e) {
                text.completeExceptionally(e);
              }
            },
            "engine-ping");
    asker.setDaemon(true);
    asker.start();
    return new Pending(address, text, connection, System.nanoTime() + deadline.toNanos());
  }

  /** A question that was sent. */
  final class Pending {
    private final URI address;
    private final CompletableFuture<String> text;
    private final AtomicReference<Closeable> connection;
    private final long end;

    private Pending(
        URI address,
        CompletableFuture<String> text,
        AtomicReference<Closeable> connection,
        long end) {
      this.address = address;
      this.text = text;
      this.connection = connection;
      this.end = end;
    }

    /** Waits for the answer, until the deadline. */
    Answer get() {
      try {
        return judged(address, text.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        return Answer.bad(
            address,
            Problem.SILENT,
            "what accepts connections there does not answer within %d s"
                .formatted(deadline.toSeconds()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EnvironmentException("Interrupted while looking for an engine.", e);
      } catch (ExecutionException e) {
        return failed(address, e.getCause());
      } finally {
        close(connection.get());
      }
    }
  }

  /** Says what an answer means. */
  static Answer judged(URI address, String text) {
    if (text.matches("(?s)HTTP/1\\.[01] 200 .*\r\n\r\n.*OK")) {
      return new Answer(address, Optional.empty(), "");
    }
    if (text.contains("HTTP request to an HTTPS server")) {
      return Answer.bad(
          address,
          Problem.STRANGE,
          "it wants TLS; set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the folder of its"
              + " certificates");
    }
    String first = text.lines().findFirst().orElse("").replaceAll("[^ -~]", "?");
    String shown = first.length() > 60 ? first.substring(0, 60) + "..." : first;
    return Answer.bad(
        address,
        Problem.STRANGE,
        "what answers there is no container engine"
            + (shown.isEmpty() ? " (it says nothing)" : " (it says \"" + shown + "\")"));
  }

  /** Says what a failed attempt means. */
  static Answer failed(URI address, Throwable cause) {
    boolean unix = address.getScheme().equals("unix");
    String reason = DockerEngine.reason(cause);
    if (unix && !Files.exists(Path.of(address.getPath())) && !denied(reason)) {
      return Answer.bad(address, Problem.ABSENT, "there is no such socket");
    }
    if (cause instanceof ConnectException) {
      return Answer.bad(
          address,
          Problem.REFUSED,
          unix ? "no process listens on that socket any more" : "nothing listens there");
    }
    if (cause instanceof UnknownHostException) {
      return Answer.bad(address, Problem.ABSENT, "there is no host of that name");
    }
    // The system's words may be in another language, so the file is asked as well.
    if (unix && (denied(reason) || !Files.isWritable(Path.of(address.getPath())))) {
      return Answer.bad(address, Problem.FORBIDDEN, remedy(address));
    }
    if (cause instanceof SSLException) {
      return Answer.bad(
          address,
          Problem.STRANGE,
          "TLS does not work there with the certificates in DOCKER_CERT_PATH (%s)"
              .formatted(reason));
    }
    return Answer.bad(address, Problem.STRANGE, "it cannot be reached (" + reason + ")");
  }

  private static boolean denied(String reason) {
    return reason.contains("Permission denied");
  }

  private static String remedy(URI address) {
    if (address.getPath().contains("podman")) {
      return "this user may not use it; start an own one with `systemctl --user start"
          + " podman.socket`, or use sudo";
    }
    return "this user may not use it; join the group docker with `sudo usermod -aG docker $USER`"
        + " and log in again, or use sudo";
  }

  private static String overUnixSocket(URI address, AtomicReference<Closeable> connection)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      connection.set(channel);
      channel.connect(UnixDomainSocketAddress.of(address.getPath()));
      return exchange(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }
  }

  private String overTcp(URI address, AtomicReference<Closeable> connection) throws IOException {
    try (Socket plain = new Socket()) {
      connection.set(plain);
      plain.connect(
          new InetSocketAddress(address.getHost(), address.getPort()), (int) deadline.toMillis());
      if (certificates.isEmpty()) {
        return exchange(plain.getInputStream(), plain.getOutputStream());
      }
      // The same reading of the certificates as the client library's own.
      Socket secure =
          new LocalDirectorySSLConfig(certificates.get().toString())
              .getSSLContext()
              .getSocketFactory()
              .createSocket(plain, address.getHost(), address.getPort(), true);
      return exchange(secure.getInputStream(), secure.getOutputStream());
    }
  }

  private static String exchange(InputStream in, OutputStream out) throws IOException {
    out.write(REQUEST.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] buffer = new byte[MOST_BYTES];
    while (text.size() < MOST_BYTES && !complete(text.toString(StandardCharsets.US_ASCII))) {
      int read = in.read(buffer, 0, MOST_BYTES - text.size());
      if (read < 0) {
        break;
      }
      text.write(buffer, 0, read);
    }
    return text.toString(StandardCharsets.US_ASCII).strip();
  }

  /** Whether more need not be waited for: what is no HTTP may keep the connection open for ever. */
  private static boolean complete(String text) {
    boolean http = text.startsWith("HTTP/1.".substring(0, Math.min(7, text.length())));
    return !http || (text.contains("\r\n\r\n") && text.endsWith("OK"));
  }

  private static void close(Closeable connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      // It was only asked.
    }
  }
}
