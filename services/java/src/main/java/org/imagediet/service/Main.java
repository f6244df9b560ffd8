package org.imagediet.service;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * The service that the images carry.
 *
 * <p>Without an argument it serves HTTP on $PORT (8080) until SIGTERM; {@code -health} ends with 0
 * when the service on $PORT answers, else with 1, for a HEALTHCHECK.
 */
public final class Main {

  private static final int HEALTH_MILLIS = 2000;

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    int port = port(System.getenv("PORT"));
    if (arguments.length == 1 && arguments[0].equals("-health")) {
      System.exit(healthy(port) ? 0 : 1);
    }
    if (arguments.length > 0 || port < 1) {
      System.err.println("service: no argument but -health, and PORT a number from 1 to 65535");
      System.exit(2);
    }
    Service service = Service.start(port);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  service.drain();
                  // A JVM that ends by a signal reports 143; an orderly stop is no failure.
                  Runtime.getRuntime().halt(0);
                }));
    System.out.println("serving on port " + service.port());
  }

  static int port(String text) {
    if (text == null || text.isEmpty()) {
      return 8080;
    }
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    return port <= 65535 ? port : 0;
  }

  static boolean healthy(int port) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/healthz").toURL().openConnection();
      connection.setConnectTimeout(HEALTH_MILLIS);
      connection.setReadTimeout(HEALTH_MILLIS);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
