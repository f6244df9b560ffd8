package org.imagediet.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Flow;

final class FetcherTest {

  private static final String LONG_LABEL = "https://" + "x".repeat(64) + ".invalid";

  private static void fails(String url, String kind) throws InterruptedException {
    fails(url, kind, Duration.ofSeconds(60));
  }

  private static void fails(String url, String kind, Duration deadline)
      throws InterruptedException {
    Answer answer = new Fetcher(HttpClient.newBuilder(), deadline).fetch(url);
    Check.equal(answer.status(), 502);
    Check.contains(answer.body(), "{\"kind\":\"" + kind + "\",\"error\":\"");
  }

  void knowsABadUrl() throws InterruptedException {
    for (String url :
        List.of(
            "",
            "http://127.0.0.1",
            "https://",
            "https://[",
            "file:///etc/passwd",
            "a b",
            LONG_LABEL)) {
      fails(url, "bad-url");
    }
  }

  void knowsAnUnknownName() throws InterruptedException {
    // Too long a name is refused without asking a name server, which a build may not reach.
    fails("https://" + "long.".repeat(60) + "invalid", "dns");
  }

  void knowsAClosedPort() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    fails("https://127.0.0.1:" + port, "connect");
  }

  void knowsThatTheOtherSideSpeaksNoTls() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket client = plain.accept()) {
                  client.getInputStream().read(new byte[4096]);
                  client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      server.start();
      fails("https://127.0.0.1:" + plain.getLocalPort(), "tls");
      server.join();
    }
  }

  void givesUpOnASilentServer() throws IOException, InterruptedException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      long begin = System.nanoTime();
      fails("https://127.0.0.1:" + silent.getLocalPort(), "connect", Duration.ofSeconds(1));
      Check.that(System.nanoTime() - begin < 60_000_000_000L, "the deadline holds");
    }
  }

  void hashesTheFirstMebibyteOnly() throws Exception {
    BoundedSha256 body = new BoundedSha256();
    boolean[] cancelled = {false};
    body.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {
            cancelled[0] = true;
          }
        });
    for (int i = 0; i < 3; i++) {
      body.onNext(List.of(ByteBuffer.wrap(new byte[600_000])));
    }
    byte[] expected =
        MessageDigest.getInstance("SHA-256").digest(new byte[BoundedSha256.MAX_BYTES]);
    Check.equal(body.getBody().toCompletableFuture().get(), HexFormat.of().formatHex(expected));
    Check.that(cancelled[0], "it hangs up");
  }
}
