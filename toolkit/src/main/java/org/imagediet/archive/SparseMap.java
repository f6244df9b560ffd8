package org.imagediet.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** Where the pieces of a file with holes lie. */
final class SparseMap {

  private final long size;
  private final List<Long> pieces;

  /**
   * Takes a map, which must fit what is stored.
   *
   * @param size of the whole file
   * @param pieces an offset and a length for each piece, in order
   * @param stored the bytes the archive holds of it
   */
  SparseMap(long size, List<Long> pieces, long stored) throws IOException {
    this.size = size;
    this.pieces = List.copyOf(pieces);
    long end = 0;
    long sum = 0;
    boolean fits = pieces.size() % 2 == 0 && size >= 0;
    for (int i = 0; fits && i < pieces.size(); i += 2) {
      long length = pieces.get(i + 1);
      fits = pieces.get(i) >= end && length <= size && pieces.get(i) <= size - length;
      end = pieces.get(i) + length;
      sum += length;
    }
    if (!fits || sum > stored) {
      throw new MalformedException("holds a damaged map of a sparse file");
    }
  }

  long size() {
    return size;
  }

  /** Returns the whole file, given its pieces one after the other. */
  InputStream expand(InputStream stored) {
    return new InputStream() {
      private long position;
      private int piece;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        while (piece < pieces.size() && position >= pieces.get(piece) + pieces.get(piece + 1)) {
          piece += 2;
        }
        if (length == 0 || position >= size) {
          return length == 0 ? 0 : -1;
        }
        boolean hole = piece == pieces.size() || position < pieces.get(piece);
        long end =
            piece == pieces.size()
                ? size
                : hole ? pieces.get(piece) : pieces.get(piece) + pieces.get(piece + 1);
        int some = (int) Math.min(length, end - position);
        if (hole) {
          Arrays.fill(bytes, from, from + some, (byte) 0);
        } else {
          some = stored.read(bytes, from, some);
          if (some < 0) {
            throw new MalformedException("ends in the middle of a sparse file");
          }
        }
        position += some;
        return some;
      }
    };
  }
}
