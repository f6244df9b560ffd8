package org.imagediet.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The routes of the service contract, on the JDK's own HTTP server. */
final class Service {

  static final String VERSION = "1.0.0";

  private static final int MAX_BODY = 64 << 10;
  private static final int MAX_SLOW_MILLIS = 5_000;
  private static final int THREADS = 32;
  // The longest request takes 5 s, and an engine kills 10 s after SIGTERM.
  private static final int GRACE_SECONDS = 8;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Fetcher fetcher = new Fetcher();
  private final Map<String, Route> routes = new HashMap<>();

  /** What a path answers, to one method. */
  record Route(String method, Handler handler) {}

  /** Makes the answer to a request with this raw query, which may be null. */
  interface Handler {
    Answer answer(String query) throws InterruptedException;
  }

  private Service(HttpServer server, Map<String, Route> more) {
    this.server = server;
    routes.put("/", new Route("GET", query -> Answer.json(200, About.thisProcess())));
    routes.put("/healthz", new Route("GET", query -> Answer.text("ok")));
    routes.put("/fetch", new Route("GET", query -> fetcher.fetch(parameter(query, "url"))));
    routes.put("/slow", new Route("GET", query -> slow(parameter(query, "ms"))));
    routes.put("/time", new Route("GET", query -> Clock.in(parameter(query, "tz"))));
    routes.put("/tmp", new Route("POST", query -> TempFile.tryOne()));
    routes.putAll(more);
  }

  /** Starts answering on the address. */
  static Service listening(InetSocketAddress address) throws IOException {
    return listening(address, Map.of());
  }

  /** Starts answering on the address, also by routes that are not the contract's. */
  static Service listening(InetSocketAddress address, Map<String, Route> more) throws IOException {
    Service service = new Service(HttpServer.create(address, 0), more);
    service.server.setExecutor(service.threads);
    service.server.createContext("/", service::handle);
    service.server.start();
    return service;
  }

  int port() {
    return server.getAddress().getPort();
  }

  int inFlight() {
    return inFlight.get();
  }

  /**
   * Stops accepting and waits for the requests in flight.
   *
   * @return whether all of them were finished in time
   */
  boolean stop() {
    // HttpServer.stop closes the door at once, but before JDK 25 it waits out its whole delay even
    // when nothing is in flight. So it runs beside, and the counter says when all is done.
    Thread closing = new Thread(() -> server.stop(GRACE_SECONDS), "close");
    closing.setDaemon(true);
    closing.start();
    long deadline = System.nanoTime() + GRACE_SECONDS * 1_000_000_000L;
    // Quiet twice in a row: a request just read has not been counted yet.
    for (int quiet = 0; quiet < 2 && System.nanoTime() < deadline; ) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      quiet = inFlight.get() == 0 ? quiet + 1 : 0;
    }
    threads.shutdownNow();
    return inFlight.get() == 0;
  }

  private void handle(HttpExchange exchange) throws IOException {
    inFlight.incrementAndGet();
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(answer.status(), -1);
      } else {
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
      }
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    Route route = routes.get(exchange.getRequestURI().getPath());
    if (route == null) {
      return Answer.error(404, "no such path");
    }
    String method = exchange.getRequestMethod();
    if (!method.equals(route.method())
        && !(method.equals("HEAD") && route.method().equals("GET"))) {
      exchange.getResponseHeaders().set("Allow", route.method());
      return Answer.error(405, "use " + route.method());
    }
    if (isTooLarge(exchange.getRequestHeaders().getFirst("Content-Length"))) {
      // Hanging up in the middle of a body would lose the answer; a little patience keeps it.
      exchange.getRequestBody().skip(MAX_BODY);
      return Answer.error(413, "a request body may have " + MAX_BODY + " bytes");
    }
    try {
      return route.handler().answer(exchange.getRequestURI().getRawQuery());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.error(503, "the service stops");
    } catch (RuntimeException e) {
      return Answer.error(500, e.toString());
    }
  }

  // No handler reads a body. The server itself drops a connection on which more than 64 KiB of an
  // unread body are left, so a chunked body without a length is bounded too.
  private static boolean isTooLarge(String contentLength) {
    return contentLength != null
        && contentLength.matches("[0-9]+")
        && (contentLength.length() > 9 || Integer.parseInt(contentLength) > MAX_BODY);
  }

  /** Answers after so many milliseconds, so that a graceful stop can be watched. */
  private static Answer slow(String millis) throws InterruptedException {
    if (!millis.matches("[0-9]{1,9}")) {
      return Answer.error(400, "ms must be a number of milliseconds");
    }
    int pause = Math.min(Integer.parseInt(millis), MAX_SLOW_MILLIS);
    Thread.sleep(pause);
    return Answer.json(200, Json.object("sleptMillis", pause));
  }

  /** Returns the first parameter of that name in a raw query, decoded; empty when it has none. */
  static String parameter(String query, String name) {
    if (query == null) {
      return "";
    }
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).equals(name)) {
        return URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }
}
