package org.imagediet.archive;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;

/**
 * Counts what gzip level 6 would make of a stream, on a thread of its own while the stream is still
 * read. The bytes are dropped.
 */
final class GzipSize extends OutputStream {

  /** A gzip header without a name, and the trailer (RFC 1952). */
  private static final int FRAME = 10 + 8;

  private static final int CHUNK = 1 << 18;
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(8);
  private final byte[] chunk = new byte[CHUNK];
  private final Thread worker = new Thread(this::compress, "gzip-size");
  private int filled;
  private volatile long bytes;
  private volatile boolean finished;

  GzipSize() {
    worker.setDaemon(true);
    worker.start();
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int from, int length) {
    int at = from;
    int end = from + length;
    while (at < end) {
      int some = Math.min(end - at, CHUNK - filled);
      System.arraycopy(source, at, chunk, filled, some);
      filled += some;
      at += some;
      if (filled == CHUNK) {
        hand(chunk.clone());
        filled = 0;
      }
    }
  }

  private void hand(byte[] full) {
    try {
      while (!chunks.offer(full, 1, TimeUnit.SECONDS)) {
        if (!worker.isAlive()) {
          throw new IllegalStateException("the compression broke off");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while compressing", e);
    }
  }

  /** Returns the size once everything was written. */
  long finish() {
    if (filled > 0) {
      hand(Arrays.copyOf(chunk, filled));
    }
    hand(END);
    try {
      worker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while compressing", e);
    }
    if (!finished) {
      throw new IllegalStateException("the compression broke off");
    }
    return bytes + FRAME;
  }

  /** Ends the thread of a stream that broke off. */
  @Override
  public void close() {
    worker.interrupt();
  }

  private void compress() {
    Deflater deflater = new Deflater(6, true);
    byte[] out = new byte[CHUNK];
    long count = 0;
    try {
      for (byte[] next = chunks.take(); next != END; next = chunks.take()) {
        deflater.setInput(next);
        while (!deflater.needsInput()) {
          count += deflater.deflate(out);
        }
      }
      deflater.finish();
      while (!deflater.finished()) {
        count += deflater.deflate(out);
      }
      bytes = count;
      finished = true;
    } catch (InterruptedException e) {
      // Closed before the end: nobody asks for the size any more.
    } finally {
      deflater.end();
    }
  }
}
