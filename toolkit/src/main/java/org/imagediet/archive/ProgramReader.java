package org.imagediet.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.ElfParser;
import org.imagediet.image.FileParts;
import org.imagediet.image.ProgramMarkers;

/**
 * Reads an ELF file of any length as it goes by. The whole of it is searched; its beginning, its
 * end and the places between that its headers point to are kept until its facts are known.
 */
final class ProgramReader {

  private static final int CHUNK = 1 << 20;
  private static final int BEGINNING = 8 << 20;
  private static final int END_CHUNKS = 2;
  private static final int MOST_CHUNKS_BETWEEN = 8;

  private byte[] beginning = new byte[1 << 16];

  /**
   * Reads a file to its end.
   *
   * @param start what was read of it already
   */
  Content read(byte[] start, int length, InputStream rest) throws IOException {
    System.arraycopy(start, 0, beginning, 0, length);
    int filled = length;
    while (filled < BEGINNING) {
      if (filled == beginning.length) {
        beginning = java.util.Arrays.copyOf(beginning, Math.min(2 * filled, BEGINNING));
      }
      int got = rest.read(beginning, filled, beginning.length - filled);
      if (got < 0) {
        break;
      }
      filled += got;
    }
    ProgramMarkers.Search search = new ProgramMarkers.Search();
    search.add(beginning, 0, filled);
    FileParts parts = new FileParts();
    parts.add(0, beginning, filled);
    if (filled == BEGINNING) {
      readOn(rest, search, parts);
    }
    Optional<ElfFile> elf = ElfParser.parse(parts, search.goBuildInfo());
    boolean library = elf.filter(file -> !file.executable()).isPresent();
    return Content.ofProgram(elf, search.programs(library));
  }

  private static void readOn(InputStream rest, ProgramMarkers.Search search, FileParts parts)
      throws IOException {
    List<long[]> places = ElfParser.places(parts);
    Deque<byte[]> end = new ArrayDeque<>();
    Deque<Integer> lengths = new ArrayDeque<>();
    long offset = BEGINNING;
    int between = 0;
    int goPlaces = search.goBuildInfo().size();
    boolean goOn = false;
    while (true) {
      byte[] chunk = end.size() == END_CHUNKS ? end.removeFirst() : new byte[CHUNK];
      if (lengths.size() == END_CHUNKS) {
        lengths.removeFirst();
      }
      int length = rest.readNBytes(chunk, 0, CHUNK);
      search.add(chunk, 0, length);
      long first = offset;
      boolean wanted = places.stream().anyMatch(p -> p[0] < first + CHUNK && p[1] > first);
      boolean go = search.goBuildInfo().size() > goPlaces;
      goPlaces = search.goBuildInfo().size();
      if ((wanted || go || goOn) && between < MOST_CHUNKS_BETWEEN) {
        between++;
        parts.add(offset, chunk.clone(), length);
      }
      // What begins near the end of this piece goes on in the next.
      goOn = go;
      end.addLast(chunk);
      lengths.addLast(length);
      offset += length;
      if (length < CHUNK) {
        break;
      }
    }
    for (byte[] chunk : descending(end)) {
      int length = lengths.removeLast();
      offset -= length;
      parts.add(offset, chunk, length);
    }
  }

  private static Iterable<byte[]> descending(Deque<byte[]> chunks) {
    return chunks::descendingIterator;
  }
}
