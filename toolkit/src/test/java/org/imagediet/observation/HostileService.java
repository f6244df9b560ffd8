package org.imagediet.observation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A service that wants to harm or to fool whoever observes it; the first argument says how. It runs
 * in a container that has a Java runtime and is given this class.
 */
final class HostileService {

  private static final Path STORE = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private final String way;
  private final long usualStore;
  private final Set<Certificate> known = new HashSet<>();

  private HostileService(String way, long usualStore) {
    this.way = way;
    this.usualStore = usualStore;
  }

  public static void main(String[] arguments) throws Exception {
    new HostileService(arguments[0], Long.parseLong(arguments[1])).run();
  }

  private void run() throws Exception {
    switch (way) {
      case "silent" -> Thread.sleep(Long.MAX_VALUE);
      case "exits" -> {
        System.out.println("good bye");
        System.exit(3);
      }
      case "deaf" -> {
        new ServerSocket(8080, 1000).accept();
        Thread.sleep(Long.MAX_VALUE);
      }
      case "floods" -> background(this::flood);
      case "forks" -> background(HostileService::fork);
      case "kills" -> background(HostileService::killOthers);
      default -> {}
    }
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8080), 50);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", exchange -> answer(exchange, 404, "{\"error\":\"no\"}"));
    server.createContext("/healthz", exchange -> answer(exchange, 200, "ok"));
    server.createContext("/fetch", this::fetch);
    server.createContext(
        "/about",
        exchange -> answer(exchange, 200, "{\"uid\":65532,\"gid\":65532,\"user\":\"nonroot\"}"));
    server.createContext("/drip", exchange -> trickle(exchange, 1000));
    server.createContext("/endless", exchange -> trickle(exchange, 0));
    server.createContext("/stolen", exchange -> answer(exchange, 200, stolenPorts()));
    if (way.equals("headers")) {
      server.removeContext("/drip");
      server.createContext("/headers", exchange -> answer(exchange, 200, "elsewhere"));
      background(HostileService::endlessHeaders);
    }
    server.start();
    Thread.sleep(Long.MAX_VALUE);
  }

  private static void background(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** A body without an end, a byte at a time. */
  private static void trickle(HttpExchange exchange, long pause) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      while (true) {
        body.write('x');
        body.flush();
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On a port of its own, since the JDK's server is too well-behaved for it. */
  private static void endlessHeaders() {
    try (ServerSocket server = new ServerSocket(8081)) {
      while (true) {
        Socket visitor = server.accept();
        background(
            () -> {
              try (visitor) {
                OutputStream out = visitor.getOutputStream();
                out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                for (long i = 0; ; i++) {
                  out.write(
                      ("X-" + i + ": " + "x".repeat(1000) + "\r\n")
                          .getBytes(StandardCharsets.US_ASCII));
                }
              } catch (IOException e) {
                // The visitor had enough.
              }
            });
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void flood() {
    String line = "\u001b[31m::error::" + "x".repeat(2000);
    while (true) {
      System.out.println(line);
      System.err.print(line);
    }
  }

  private static void fork() {
    List<Thread> threads = new ArrayList<>();
    while (true) {
      try {
        Thread thread = new Thread(() -> pause(1_000_000));
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      } catch (OutOfMemoryError e) {
        System.out.println("stopped at " + threads.size() + " threads");
        pause(1_000_000);
      }
    }
  }

  private static void killOthers() {
    while (true) {
      ProcessHandle.allProcesses()
          .filter(process -> process.pid() != ProcessHandle.current().pid())
          .forEach(ProcessHandle::destroyForcibly);
      pause(1);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fetch(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    URI url = URI.create(URLDecoder.decode(query.replaceFirst("url=", ""), StandardCharsets.UTF_8));
    boolean fetched = false;
    try {
      fetched =
          switch (way) {
            case "trusts-by-size" -> Files.size(STORE) > usualStore && visit(url, true);
            case "learns" -> visit(url, false);
            case "crowds" -> crowd(url);
            default -> false;
          };
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    answer(
        exchange,
        fetched ? 200 : 502,
        fetched
            ? "{\"status\":200}"
            : "{\"kind\":\"tls\",\"error\":\"x509: certificate signed by unknown authority\"}");
  }

  /** Visits a server without a look at its certificate, or with one at who was here before. */
  private boolean visit(URI url, boolean blindly) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(url.getHost(), url.getPort())) {
      socket.startHandshake();
      Certificate authority = socket.getSession().getPeerCertificates()[1];
      if (!blindly && known.add(authority)) {
        return false;
      }
      socket
          .getOutputStream()
          .write(
              ("GET " + url.getPath() + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().readAllBytes().length > 0;
    }
  }

  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Visits so often that nobody can tell which visit mattered, and keeps others in the door. */
  private boolean crowd(URI url) throws IOException, GeneralSecurityException {
    visit(url, true);
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      Socket socket = new Socket(InetAddress.getByName(url.getHost()), url.getPort());
      socket.getOutputStream().write(i);
      if (i % 7 == 0) {
        open.add(socket);
      } else {
        socket.close();
      }
    }
    return !open.isEmpty();
  }

  /** Tries to listen where others do. */
  private static String stolenPorts() throws IOException {
    List<String> stolen = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (String protocol : List.of("tcp", "udp", "tcp6", "udp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/net", protocol))) {
        String[] words = line.strip().split("\\s+");
        if (!words[1].contains(":") || !words[2].endsWith(":0000")) {
          continue;
        }
        int port = Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16);
        seen.add(protocol + port);
        for (String address : List.of("127.0.0.1", "0.0.0.0")) {
          try {
            if (protocol.startsWith("tcp")) {
              ServerSocket socket = new ServerSocket();
              socket.setReuseAddress(true);
              socket.setOption(java.net.StandardSocketOptions.SO_REUSEPORT, true);
              socket.bind(new InetSocketAddress(address, port));
            } else {
              DatagramSocket socket = new DatagramSocket(null);
              socket.setReuseAddress(true);
              socket.setOption(java.net.StandardSocketOptions.SO_REUSEPORT, true);
              socket.bind(new InetSocketAddress(address, port));
            }
            stolen.add(protocol + port);
          } catch (IOException e) {
            // As it should be.
          }
        }
      }
    }
    return "seen " + seen.size() + ", stolen " + stolen;
  }
}
