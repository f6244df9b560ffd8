package org.imagediet.probe.inside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An HTTPS server with one certificate that reports how each handshake ended. */
final class TlsServer implements Runnable {

  /** The password of a key store that is made for one run and readable by its one reader. */
  static final char[] PASSWORD = "lab".toCharArray();

  private static final int DEADLINE_MILLIS = 5000;
  private static final int LINE_CHARACTERS = 2000;

  /** For all servers together; a service that opens more must not take our threads. */
  private static final Semaphore VISITORS = new Semaphore(64);

  private final String name;
  private final ServerSocket socket;
  private final ExecutorService workers;
  private final Consumer<Visit> visits;
  private final SecureRandom random = new SecureRandom();

  TlsServer(String name, int port, Path keyStore, ExecutorService workers, Consumer<Visit> visits)
      throws IOException, GeneralSecurityException {
    this.name = name;
    this.workers = workers;
    this.visits = visits;
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    socket =
        context
            .getServerSocketFactory()
            .createServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
  }

  @Override
  public void run() {
    while (true) {
      try {
        SSLSocket visitor = (SSLSocket) socket.accept();
        if (!VISITORS.tryAcquire()) {
          visits.accept(new Visit(name, false, "", "", "too many visitors at once"));
          visitor.close();
          continue;
        }
        workers.execute(
            () -> {
              try {
                serve(visitor);
              } finally {
                VISITORS.release();
              }
            });
      } catch (IOException | RuntimeException e) {
        // One visitor lost; the next may come.
      }
    }
  }

  private void serve(SSLSocket visitor) {
    try (visitor) {
      visitor.setSoTimeout(DEADLINE_MILLIS);
      visitor.startHandshake();
      String request = firstLine(visitor.getInputStream());
      String[] words = request.split(" ");
      if (words.length < 2) {
        // With TLS 1.3 the server's side of the handshake is over before the client has looked at
        // the certificate: a refusal shows as an end without any request.
        visits.accept(new Visit(name, false, "", "", "no request after the handshake"));
        return;
      }
      byte[] secret = new byte[16];
      random.nextBytes(secret);
      String body = HexFormat.of().formatHex(secret);
      visits.accept(new Visit(name, true, words[1], body, ""));
      visitor
          .getOutputStream()
          .write(
              ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                      + "Content-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      visitor.getOutputStream().flush();
    } catch (IOException e) {
      visits.accept(new Visit(name, false, "", "", String.valueOf(e.getMessage())));
    }
  }

  private static String firstLine(InputStream in) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c >= 0 && c != '\r' && c != '\n'; c = reader.read()) {
      if (line.length() == LINE_CHARACTERS) {
        break;
      }
      line.append((char) c);
    }
    return line.toString();
  }

  /** One connection: whether a request came through, its path, what was answered, else why not. */
  record Visit(String server, boolean request, String path, String body, String failure) {}
}
