package org.imagediet.service;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs the service.
 *
 * <pre>
 * java -jar diet-service.jar           serves HTTP on $PORT (default 8080) until SIGTERM
 * java -jar diet-service.jar -health   exits 0 when the service on $PORT answers, else 1
 * </pre>
 */
public final class Main {

  private Main() {}

  /** Serves, or asks a running service whether it is well; exits 2 when called wrongly. */
  public static void main(String[] args) {
    run(args, Map.of());
  }

  /** As {@link #main}, with routes that are not the contract's. */
  static void run(String[] args, Map<String, Service.Route> more) {
    int port;
    try {
      port = port(System.getenv("PORT"));
      if (!List.of(args).isEmpty() && !List.of(args).equals(List.of("-health"))) {
        throw new IllegalArgumentException("the only argument is -health");
      }
    } catch (IllegalArgumentException e) {
      exit(2, e.getMessage());
      return;
    }
    if (args.length == 0) {
      serve(port, more);
    } else if (!isHealthy(port)) {
      exit(1, "the service on port " + port + " is not well");
    }
  }

  private static void serve(int port, Map<String, Service.Route> more) {
    // The server reads these when it is first used. Seconds, bytes, connections.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "15");
    System.setProperty("sun.net.httpserver.maxReqHeaderSize", "16384");
    System.setProperty("jdk.httpserver.maxConnections", "256");
    try {
      Service service = Service.listening(new InetSocketAddress(port), more);
      // A JVM that SIGTERM ends says 143. Asked to stop and stopped is no failure: say 0.
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> Runtime.getRuntime().halt(service.stop() ? 0 : 1), "stop"));
      System.out.println("java service " + Service.VERSION + " listens on port " + service.port());
    } catch (IOException e) {
      exit(1, "port " + port + ": " + e.getMessage());
    }
  }

  static int port(String given) {
    if (given == null || given.isEmpty()) {
      return 8080;
    }
    if (!given.matches("[0-9]{1,5}")
        || Integer.parseInt(given) < 1
        || Integer.parseInt(given) > 65535) {
      throw new IllegalArgumentException("PORT is \"" + given + "\", not a number from 1 to 65535");
    }
    return Integer.parseInt(given);
  }

  static boolean isHealthy(int port) {
    Duration patience = Duration.ofSeconds(2);
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(patience)
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    URI uri = URI.create("http://127.0.0.1:" + port + "/healthz");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(patience).build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void exit(int code, String message) {
    System.err.println("diet-service: " + message);
    System.exit(code);
  }
}
