package org.imagediet.service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

final class ServiceTest {

  void answersWhenItIsWell() throws Exception {
    UnitTests.same("200 ok", ask("GET", "/healthz"));
  }

  void tellsAboutItself() throws Exception {
    String answer = ask("GET", "/");
    contains(answer, "200 {\"track\":\"java\",\"version\":\"1.0.0\",\"pid\":");
    contains(answer, "\"uid\":");
    contains(answer, "\"noNewPrivs\":");
  }

  void tellsTheTimeInAZone() throws Exception {
    contains(ask("GET", "/time?tz=Asia/Kathmandu"), "+05:45\",\"offset\":\"+05:45\"}");
    contains(ask("GET", "/time?tz=Mars/X"), "500 {\"error\":\"unknown time zone Mars/X\"}");
  }

  void writesAndDeletesATemporaryFile() throws Exception {
    contains(ask("POST", "/tmp"), "200 {\"path\":");
  }

  void namesWhatIsWrongWithAUrl() throws Exception {
    contains(ask("GET", "/fetch?url=file:///etc/passwd"), "502 {\"kind\":\"bad-url\"");
    contains(ask("GET", "/fetch?url=https://127.0.0.1:1/"), "502 {\"kind\":\"connect\"");
    contains(ask("GET", "/fetch?url=https://no-such-host.invalid/"), "502 {\"kind\":\"dns\"");
  }

  void knowsOnlyItsOwnPathsAndMethods() throws Exception {
    contains(ask("GET", "/nothing"), "404 ");
    contains(ask("GET", "/tmp"), "405 ");
    contains(ask("GET", "/slow?ms=soon"), "400 ");
  }

  void checksItsOwnHealth() throws Exception {
    Service service = Service.start(0);
    int port = service.port();
    UnitTests.same(true, Main.healthy(port));
    service.stop();
    UnitTests.same(false, Main.healthy(port));
  }

  void takesItsPortFromTheEnvironment() {
    UnitTests.same(8080, Main.port(null));
    UnitTests.same(9000, Main.port("9000"));
    UnitTests.same(0, Main.port("70000"));
    UnitTests.same(0, Main.port("http"));
  }

  private static String ask(String method, String path) throws IOException, InterruptedException {
    Service service = Service.start(0);
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } finally {
      service.stop();
    }
  }

  private static void contains(String text, String wanted) {
    if (!text.contains(wanted)) {
      throw new AssertionError("expected " + wanted + " in " + text);
    }
  }
}
