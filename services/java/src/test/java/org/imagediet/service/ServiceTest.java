package org.imagediet.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

final class ServiceTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private final Service service;

  ServiceTest() throws IOException {
    service = Service.listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  void healthzSaysOk() throws Exception {
    HttpResponse<String> answer = get("/healthz");
    Check.equal(answer.statusCode() + " " + answer.body(), "200 ok");
  }

  void tellsAboutItself() throws Exception {
    HttpResponse<String> answer = get("/");
    Check.equal(answer.statusCode(), 200);
    Check.contains(answer.body(), "\"track\":\"java\"");
  }

  void errorsAreJson() throws Exception {
    Object[][] cases = {
      {get("/nowhere"), 404},
      {get("/healthz/"), 404},
      {get("/tmp"), 405},
      {post("/healthz", ""), 405},
      {get("/slow?ms=soon"), 400},
      {get("/slow?ms=-1"), 400},
      {get("/slow"), 400},
      {get("/time?tz=Mars/Olympus"), 500},
      {post("/tmp", "x".repeat(65537)), 413},
    };
    for (Object[] expectation : cases) {
      HttpResponse<?> answer = (HttpResponse<?>) expectation[0];
      Check.equal(
          answer.request().uri().getPath() + answer.statusCode(),
          answer.request().uri().getPath() + expectation[1]);
      Check.contains(answer.body().toString(), "{\"error\":\"");
    }
  }

  void writesATemporaryFile() throws Exception {
    HttpResponse<String> answer = post("/tmp", "");
    Check.equal(answer.statusCode(), 200);
    Check.contains(answer.body(), System.getProperty("java.io.tmpdir"));
  }

  void readsParameters() {
    Check.equal(Service.parameter("a=1&tz=Asia%2FTokyo&tz=b", "tz"), "Asia/Tokyo");
    Check.equal(Service.parameter("tz", "tz"), "");
    Check.equal(Service.parameter(null, "tz"), "");
  }

  void stopFinishesTheRequestInFlight() throws Exception {
    CompletableFuture<HttpResponse<String>> slow =
        client.sendAsync(request("/slow?ms=600").build(), BodyHandlers.ofString());
    while (service.inFlight() == 0 && !slow.isDone()) {
      Thread.sleep(10);
    }
    Check.that(service.stop(), "stop waits for the request in flight");
    Check.equal(slow.get().body(), "{\"sleptMillis\":600}\n");
  }

  void stopIsQuickWhenNothingIsInFlight() throws Exception {
    get("/healthz");
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      Check.that(silent.isConnected(), "connected");
      long begin = System.nanoTime();
      Check.that(service.stop(), "nothing is in flight");
      long millis = (System.nanoTime() - begin) / 1_000_000;
      Check.that(millis < 7_000, "stopping took " + millis + " ms");
    }
  }
}
