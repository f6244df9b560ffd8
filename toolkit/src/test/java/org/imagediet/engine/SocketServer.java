package org.imagediet.engine;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listens on a unix socket and says one thing to everybody, or nothing at all. */
final class SocketServer implements AutoCloseable {

  static final String ENGINE =
      "HTTP/1.0 200 OK\r\nApi-Version: 1.41\r\nContent-Type: text/plain\r\n\r\nOK";

  private final ServerSocketChannel server;
  private final List<SocketChannel> clients = new CopyOnWriteArrayList<>();

  private SocketServer(ServerSocketChannel server) {
    this.server = server;
  }

  /** Answers as an engine does. */
  static SocketServer engine(Path path) throws IOException {
    return saying(path, ENGINE);
  }

  /** Says something, and keeps the connection open. */
  static SocketServer saying(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(path));
    SocketServer server = new SocketServer(channel);
    Thread thread = new Thread(() -> server.serve(text), "socket-server");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  /** Leaves a socket behind that nobody listens on. */
  static void stale(Path path) throws IOException {
    saying(path, "").close();
  }

  private void serve(String text) {
    try {
      while (true) {
        SocketChannel client = server.accept();
        clients.add(client);
        if (!text.isEmpty()) {
          client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel client : clients) {
      client.close();
    }
  }
}
