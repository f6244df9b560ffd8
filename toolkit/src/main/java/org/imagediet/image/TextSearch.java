package org.imagediet.image;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Looks for many texts in one pass over bytes of any length (Aho and Corasick, 1975). Most bytes of
 * a program are no part of any of them and are leapt over, as far as two bytes at the end of the
 * leap allow (Wu and Manber, 1994).
 */
public final class TextSearch {

  private static final int PAIRS = 1 << 16;

  private final int[][] next;
  private final BitSet[] found;
  private final Leaps leaps;

  /** Whether just one byte, a text's first, has led to a state. */
  private final boolean[] first;

  private TextSearch(int[][] next, BitSet[] found, boolean[] first, Leaps leaps) {
    this.next = next;
    this.found = found;
    this.first = first;
    this.leaps = leaps;
  }

  /**
   * Prepares a search.
   *
   * @param texts none of them empty; their indices are what is found
   */
  public static TextSearch of(List<byte[]> texts) {
    List<int[]> next = new ArrayList<>();
    List<BitSet> found = new ArrayList<>();
    next.add(new int[256]);
    found.add(new BitSet());
    for (int text = 0; text < texts.size(); text++) {
      int state = 0;
      for (byte b : texts.get(text)) {
        if (next.get(state)[b & 0xff] == 0) {
          next.get(state)[b & 0xff] = next.size();
          next.add(new int[256]);
          found.add(new BitSet());
        }
        state = next.get(state)[b & 0xff];
      }
      found.get(state).set(text);
    }
    boolean[] first = new boolean[next.size()];
    for (int target : next.get(0)) {
      first[target] = target != 0;
    }
    link(next, found);
    return new TextSearch(
        next.toArray(int[][]::new),
        found.stream().map(set -> set.isEmpty() ? null : set).toArray(BitSet[]::new),
        first,
        Leaps.over(texts));
  }

  /** Where a byte does not go on with a text, it may go on with a shorter one. */
  private static void link(List<int[]> next, List<BitSet> found) {
    int[] failure = new int[next.size()];
    Deque<Integer> queue = new ArrayDeque<>();
    for (int b = 0; b < 256; b++) {
      if (next.get(0)[b] != 0) {
        queue.add(next.get(0)[b]);
      }
    }
    while (!queue.isEmpty()) {
      int state = queue.remove();
      found.get(state).or(found.get(failure[state]));
      for (int b = 0; b < 256; b++) {
        int target = next.get(state)[b];
        if (target == 0) {
          next.get(state)[b] = next.get(failure[state])[b];
        } else {
          failure[target] = next.get(failure[state])[b];
          queue.add(target);
        }
      }
    }
  }

  /**
   * How far the next text is away at least.
   *
   * @param window the length of the shortest text, all of which this looks at
   * @param lengths by the last two bytes of a window: how far it may be moved on
   * @param begins whether a text begins with two bytes
   */
  private record Leaps(int window, byte[] lengths, boolean[] begins) {

    static Leaps over(List<byte[]> texts) {
      int window = texts.stream().mapToInt(text -> text.length).min().orElse(0);
      byte[] lengths = new byte[PAIRS];
      Arrays.fill(lengths, (byte) Math.min(Math.max(1, window - 1), Byte.MAX_VALUE));
      boolean[] begins = new boolean[PAIRS];
      for (byte[] text : texts) {
        for (int i = 0; i + 2 <= window; i++) {
          int pair = pair(text, i);
          lengths[pair] = (byte) Math.min(lengths[pair], window - 2 - i);
        }
        if (window >= 2) {
          begins[pair(text, 0)] = true;
        }
      }
      return new Leaps(window, lengths, begins);
    }

    /** Returns where a text may begin, or from where on too little is left to say. */
    int leap(byte[] bytes, int from, int to) {
      int at = from;
      while (window >= 2 && at + window <= to) {
        int length = lengths[pair(bytes, at + window - 2)];
        if (length == 0 && begins[pair(bytes, at)]) {
          return at;
        }
        at += Math.max(1, length);
      }
      return at;
    }

    /** Returns whether a text may begin with the two bytes there. */
    boolean begins(byte[] bytes, int at) {
      return window < 2 || begins[pair(bytes, at)];
    }

    private static int pair(byte[] bytes, int at) {
      return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
  }

  /** Begins a pass. */
  public Pass pass(Listener listener) {
    return new Pass(listener);
  }

  /** Is told of texts where they end. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Some texts end here.
     *
     * @param texts their indices; not to be changed
     * @param end the offset of their last byte
     */
    void found(BitSet texts, long end);
  }

  /** One pass over bytes that come in pieces of any size. */
  public final class Pass {
    private final Listener listener;
    private int state;
    private long position;

    private Pass(Listener listener) {
      this.listener = listener;
    }

    /** Looks at the next piece. */
    public void add(byte[] bytes, int from, int to) {
      int at = from;
      while (at < to) {
        if (state == 0 || at > from && first[state] && !leaps.begins(bytes, at - 1)) {
          state = 0;
          at = leaps.leap(bytes, at, to);
        }
        if (at < to) {
          state = next[state][bytes[at] & 0xff];
          if (found[state] != null) {
            listener.found(found[state], position + (at - from));
          }
          at++;
        }
      }
      position += to - from;
    }
  }
}
