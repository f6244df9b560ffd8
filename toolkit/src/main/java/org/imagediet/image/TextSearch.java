package org.imagediet.image;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/** Looks for many texts in one pass over bytes of any length (Aho and Corasick, 1975). */
public final class TextSearch {

  private final int[][] next;
  private final BitSet[] found;

  private TextSearch(int[][] next, BitSet[] found) {
    this.next = next;
    this.found = found;
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
    link(next, found);
    return new TextSearch(
        next.toArray(int[][]::new),
        found.stream().map(set -> set.isEmpty() ? null : set).toArray(BitSet[]::new));
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
      for (int i = from; i < to; i++) {
        state = next[state][bytes[i] & 0xff];
        if (found[state] != null) {
          listener.found(found[state], position + (i - from));
        }
      }
      position += to - from;
    }
  }
}
