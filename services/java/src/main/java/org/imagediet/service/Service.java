package org.imagediet.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers the requests of the service contract, which is the same in every track. */
final class Service {

  static final String VERSION = "1.0.0";

  private static final int THREADS = 16;
  private static final int LONGEST_SLOW_MILLIS = 5000;
  private static final int DRAIN_MILLIS = 8000;
  private static final int MOST_BODY_BYTES = 64 << 10;

  private final HttpServer server;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Fetcher fetcher = new Fetcher();

  private Service(HttpServer server) {
    this.server = server;
  }

  static Service start(int port) throws IOException {
    Service service = new Service(HttpServer.create(new InetSocketAddress(port), 0));
    service.server.createContext("/", service::handle);
    service.server.setExecutor(
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    service.server.start();
    return service;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Lets requests in flight finish, for as long as the longest of them may take. */
  void drain() {
    long end = System.nanoTime() + DRAIN_MILLIS * 1_000_000L;
    while (inFlight.get() > 0 && System.nanoTime() < end) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  void stop() {
    server.stop(0);
  }

  /** What is answered: a status, a content type and a body. */
  record Answer(int status, String type, String body) {
    static Answer json(int status, Json json) {
      return new Answer(status, "application/json", json + "\n");
    }

    static Answer error(int status, String message) {
      return json(status, new Json().put("error", message));
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    inFlight.incrementAndGet();
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
      if (!head) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String wanted = path.equals("/tmp") ? "POST" : "GET";
    boolean known =
        switch (path) {
          case "/", "/healthz", "/fetch", "/slow", "/time", "/tmp" -> true;
          default -> false;
        };
    if (!known) {
      return Answer.error(404, "no such path");
    }
    String method = exchange.getRequestMethod();
    if (!method.equals(wanted) && !(method.equals("HEAD") && wanted.equals("GET"))) {
      exchange.getResponseHeaders().set("Allow", wanted);
      return Answer.error(405, "use " + wanted);
    }
    if (exchange.getRequestBody().readNBytes(MOST_BODY_BYTES + 1).length > MOST_BODY_BYTES) {
      return Answer.error(413, "a request body may have " + MOST_BODY_BYTES + " bytes");
    }
    String query = exchange.getRequestURI().getRawQuery();
    return switch (path) {
      case "/healthz" -> new Answer(200, "text/plain; charset=utf-8", "ok");
      case "/fetch" -> fetcher.fetch(parameter(query, "url"));
      case "/slow" -> slow(parameter(query, "ms"));
      case "/time" -> Clock.in(parameter(query, "tz"));
      case "/tmp" -> TempFile.writeAndDelete();
      default -> Answer.json(200, About.self());
    };
  }

  private static Answer slow(String ms) {
    if (!ms.matches("\\d{1,9}")) {
      return Answer.error(400, "ms must be a number of milliseconds");
    }
    int pause = Math.min(Integer.parseInt(ms), LONGEST_SLOW_MILLIS);
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Answer.json(200, new Json().put("sleptMillis", pause));
  }

  static String parameter(String query, String name) {
    for (String pair : (query == null ? "" : query).split("&")) {
      if (pair.startsWith(name + "=")) {
        try {
          return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          return "";
        }
      }
    }
    return "";
  }
}
