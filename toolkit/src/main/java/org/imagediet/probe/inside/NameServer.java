package org.imagediet.probe.inside;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Answers every name below one domain with 127.0.0.1, and that no other name exists (RFC 1035; only
 * A and AAAA questions over UDP).
 */
final class NameServer implements Runnable {

  private static final int TYPE_A = 1;
  private static final int NO_SUCH_NAME = 3;
  private static final int KEPT = 200;

  private final DatagramSocket socket;
  private final String domain;
  private final Deque<String> asked = new ArrayDeque<>();

  NameServer(String domain) throws IOException {
    this.domain = domain;
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 53));
  }

  @Override
  public void run() {
    byte[] buffer = new byte[4096];
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException | RuntimeException e) {
        // A malformed question gets no answer, as any name server would have it.
      }
    }
  }

  /** Returns the names asked for since the last call. */
  List<String> asked() {
    synchronized (asked) {
      List<String> names = new ArrayList<>(asked);
      asked.clear();
      return names;
    }
  }

  private byte[] answer(ByteBuffer question) {
    short id = question.getShort();
    question.position(12);
    StringBuilder name = new StringBuilder();
    for (int length = question.get() & 0xff; length > 0; length = question.get() & 0xff) {
      byte[] label = new byte[length];
      question.get(label);
      name.append(name.length() == 0 ? "" : ".").append(new String(label, StandardCharsets.UTF_8));
    }
    int type = question.getShort();
    question.getShort();
    int end = question.position();
    String wanted = name.toString().toLowerCase(Locale.ROOT);
    synchronized (asked) {
      asked.addLast(wanted);
      if (asked.size() > KEPT) {
        asked.removeFirst();
      }
    }
    boolean known = wanted.endsWith("." + domain);
    boolean address = known && type == TYPE_A;
    ByteBuffer answer = ByteBuffer.allocate(end + 16);
    answer.putShort(id);
    // Response, authoritative, recursion available.
    answer.putShort((short) (0x8580 | (known ? 0 : NO_SUCH_NAME)));
    answer.putShort((short) 1).putShort((short) (address ? 1 : 0)).putInt(0);
    answer.put(question.array(), 12, end - 12);
    if (address) {
      // The name is a pointer to the question's; class IN, no caching.
      answer.putShort((short) 0xc00c).putShort((short) TYPE_A).putShort((short) 1).putInt(0);
      answer.putShort((short) 4).put(new byte[] {127, 0, 0, 1});
    }
    byte[] bytes = new byte[answer.position()];
    answer.flip();
    answer.get(bytes);
    return bytes;
  }
}
