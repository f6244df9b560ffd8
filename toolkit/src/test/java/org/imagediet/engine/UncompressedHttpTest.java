package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UncompressedHttpTest {

  /** Answers once, and returns the lines of what it was asked. */
  private static List<String> answer(ServerSocket server) {
    try (Socket client = server.accept()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      client.getOutputStream().write(SocketServer.ENGINE.getBytes(StandardCharsets.US_ASCII));
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("the engine is asked for its answer as it is, and for no other form of it")
  void asks() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<List<String>> asked = CompletableFuture.supplyAsync(() -> answer(server));
      DockerHttpClient http =
          new ZerodepDockerHttpClient.Builder()
              .dockerHost(URI.create("tcp://127.0.0.1:" + server.getLocalPort()))
              .build();
      try (DockerHttpClient client = new UncompressedHttp(http);
          DockerHttpClient.Response response =
              client.execute(
                  DockerHttpClient.Request.builder()
                      .method(DockerHttpClient.Request.Method.GET)
                      .path("/containers/x/archive?path=/app")
                      .build())) {
        assertThat(response.getStatusCode()).isEqualTo(200);
      }
      assertThat(asked.get(1, TimeUnit.MINUTES))
          .anyMatch(line -> line.startsWith("GET /containers/x/archive?path=/app"))
          .filteredOn(line -> line.toLowerCase(Locale.ROOT).startsWith("accept-encoding"))
          .containsExactly("Accept-Encoding: identity");
    }
  }
}
