package org.imagediet.engine;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A stream of lines that any thread may add to. The JDK's pipe breaks when the thread that wrote
 * last has ended.
 */
final class LineFeed extends InputStream {

  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
  private byte[] line = new byte[0];
  private int at;

  void add(String text) {
    lines.add((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) {
    while (at == line.length) {
      if (line == END) {
        return -1;
      }
      try {
        line = lines.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        line = END;
      }
      at = 0;
      if (line == END) {
        return -1;
      }
    }
    int some = Math.min(length, line.length - at);
    System.arraycopy(line, at, target, from, some);
    at += some;
    return some;
  }

  @Override
  public void close() {
    lines.add(END);
  }
}
