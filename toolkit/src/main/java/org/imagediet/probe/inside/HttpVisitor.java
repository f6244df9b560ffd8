package org.imagediet.probe.inside;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the service beside us, bounded in time and size whatever it answers. */
final class HttpVisitor {

  private static final int BODY_BYTES = 64 << 10;
  private static final Duration ONE_TRY = Duration.ofSeconds(2);

  private final ExecutorService workers;
  private final HttpClient client;

  HttpVisitor(ExecutorService workers) {
    this.workers = workers;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ONE_TRY)
            .executor(workers)
            .build();
  }

  /** A status and the first bytes of the body. */
  record Answer(int status, byte[] body) {}

  Answer ask(String method, URI uri, Duration deadline) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(deadline)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    // The client's own deadline ends with the headers; a body may come a byte an hour.
    Future<Answer> answer =
        workers.submit(
            () -> {
              HttpResponse<InputStream> response =
                  client.send(request, HttpResponse.BodyHandlers.ofInputStream());
              try (InputStream body = response.body()) {
                return new Answer(response.statusCode(), body.readNBytes(BODY_BYTES));
              }
            });
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no complete answer within " + deadline.toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
          cause);
    }
  }

  /** Asks until the answer is 200, and returns the last thing that went wrong when it never is. */
  String awaitHealthy(URI uri, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    String last = "nothing listened";
    while (System.nanoTime() < end) {
      try {
        Answer answer = ask("GET", uri, ONE_TRY);
        if (answer.status() == 200) {
          return "";
        }
        last = "status " + answer.status();
      } catch (IOException e) {
        last = e.getMessage();
      }
      Thread.sleep(3);
    }
    return last;
  }

  /** Loads the client's classes before anything is timed. */
  void warmUp() throws IOException, InterruptedException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Future<?> once =
          workers.submit(
              () -> {
                try (Socket visitor = server.accept()) {
                  visitor.getInputStream().read(new byte[1024]);
                  visitor
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                              .getBytes(StandardCharsets.US_ASCII));
                }
                return null;
              });
      ask("GET", URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), ONE_TRY);
      once.cancel(true);
    }
  }
}
