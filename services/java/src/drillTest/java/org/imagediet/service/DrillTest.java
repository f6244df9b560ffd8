package org.imagediet.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

final class DrillTest {

  private static final String UP = "../../../..";

  private final Path folder;

  DrillTest() throws IOException {
    folder = Files.createTempDirectory("drill-test-");
    folder.toFile().deleteOnExit();
  }

  private Path file(String content) throws IOException {
    Path file = folder.resolve("file");
    Files.writeString(file, content);
    file.toFile().deleteOnExit();
    return file;
  }

  void isThereBesideTheContract() throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Service service = Service.listening(address, Drill.routes());
    try {
      for (String path : List.of("/drill/ping?host=;echo+x-$((17*23))", "/healthz")) {
        URI uri =
            URI.create(
                "http://127.0.0.1:%d%s"
                    .formatted(service.port(), path.replace("$", "%24").replace(";", "%3B")));
        HttpResponse<String> answer =
            HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        Check.equal(answer.statusCode(), 200);
        Check.contains(answer.body(), path.equals("/healthz") ? "ok" : "x-391");
      }
    } finally {
      service.stop();
    }
  }

  void theReleaseHasNoHole() throws IOException {
    Service service = Service.listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try {
      URI uri = URI.create("http://127.0.0.1:" + service.port() + "/drill/file?name=x");
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      Check.equal(
          HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode(),
          404);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      service.stop();
    }
  }

  void saysThatItIsVulnerable() throws Exception {
    for (Answer answer : List.of(Drill.ping("sh", ""), Drill.file("none"), Drill.save("a/b", ""))) {
      Check.contains(answer.body(), "\"vulnerable\":\"by design");
    }
  }

  void pingRunsWhatIsInjected() throws Exception {
    Answer answer = Drill.ping("sh", "; echo x-$((17*23))");
    Check.equal(answer.status(), 200);
    Check.contains(answer.body(), "x-391");
  }

  void pingNeedsAShell() throws Exception {
    Answer answer = Drill.ping("/no/such/shell", "; echo x");
    Check.equal(answer.status(), 500);
    Check.contains(answer.body(), "/no/such/shell");
  }

  void fileLeadsAnywhere() throws IOException {
    Check.contains(Drill.file(UP + file("out of bounds")).body(), "\"output\":\"out of bounds\"");
  }

  void fileShowsOnlyABeginning() throws IOException {
    String body = Drill.file(UP + file("x".repeat(Drill.MAX_SHOWN + 1))).body();
    Check.contains(body, "\"" + "x".repeat(Drill.MAX_SHOWN) + "\"");
  }

  void saveReplacesWhatItMay() throws IOException {
    Path file = file("before");
    Check.equal(Drill.save(UP + file, "after").status(), 200);
    Check.equal(Files.readString(file), "after");
    try (Stream<Path> left = Files.list(folder)) {
      Check.equal(left.count(), 1L);
    }
  }

  void saveTellsWhyItCannot() {
    Answer answer = Drill.save(UP + "/no/such/folder/file", "x");
    Check.equal(answer.status(), 500);
    Check.contains(answer.body(), "\"error\":\"");
  }
}
