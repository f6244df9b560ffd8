package org.imagediet.archive;

import com.github.luben.zstd.ZstdIOException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipException;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileType;

/**
 * Reads images from archives: what {@code docker save} writes, in its older and its newer layout,
 * and OCI layouts as a tar. Layers may be plain, gzip or zstd, and so may the whole archive.
 *
 * <p>A stream is read once from end to end. A file is looked through first, so that only the layers
 * of the wanted image are read, side by side.
 */
public final class ImageArchive {

  private static final int SNIFF = 512;
  private static final int BUFFER = 1 << 16;

  /** An image of a thousand layers has three or four times as many. */
  private static final int MOST_OUTER_ENTRIES = 50_000;

  private ImageArchive() {}

  /**
   * Reads an image from a file.
   *
   * @throws ArchiveException when there is none in it that can be read
   */
  public static ContainerImage read(Path file, ReadOptions options) {
    if (Files.isDirectory(file)) {
      throw new ArchiveException(
          file + " is a folder; give an image archive, as `docker save` makes it.");
    }
    if (!Files.exists(file)) {
      throw new ArchiveException(
          "There is no file %s; give an image archive, as `docker save` makes it.".formatted(file));
    }
    if (!Files.isRegularFile(file)) {
      return readPipe(file, options);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      InputStream start = Channels.newInputStream(channel);
      byte[] block = start.readNBytes(SNIFF);
      channel.position(0);
      if (!TarReader.tar(block, block.length)) {
        // Compressed as a whole, or nothing that can be read.
        return read(start, options, file.toString());
      }
      return readFile(file, channel, options);
    } catch (IOException e) {
      throw new ArchiveException(file + " " + message(e) + ".", e);
    } catch (OutOfMemoryError e) {
      throw tooLittleMemory(file.toString());
    }
  }

  private static ContainerImage readPipe(Path file, ReadOptions options) {
    // The JDK's newer streams want to know their place, which a pipe has not.
    try (InputStream stream = new FileInputStream(file.toFile())) {
      return read(stream, options, file.toString());
    } catch (IOException e) {
      throw new ArchiveException(file + " " + message(e) + ".", e);
    }
  }

  /**
   * Reads an image from a stream, to its end.
   *
   * @throws ArchiveException when there is none in it that can be read
   */
  public static ContainerImage read(InputStream stream, ReadOptions options) {
    return read(stream, options, "The image archive");
  }

  /**
   * Reads an image from a stream, to its end, and leaves out what is known of layers.
   *
   * @param known is added to; to be used with the same limits each time
   * @throws ChangedLayerException when a layer is another one than is known by its name
   * @throws ArchiveException when there is none in it that can be read
   */
  public static ContainerImage read(InputStream stream, ReadOptions options, KnownLayers known) {
    return read(stream, options, Optional.of(known), "The image archive");
  }

  private static ContainerImage read(InputStream stream, ReadOptions options, String what) {
    return read(stream, options, Optional.empty(), what);
  }

  private static ContainerImage read(
      InputStream stream, ReadOptions options, Optional<KnownLayers> known, String what) {
    try {
      return readStream(stream, options, known, what);
    } catch (IOException e) {
      throw new ArchiveException(what + " " + message(e) + ".", e);
    } catch (OutOfMemoryError e) {
      throw tooLittleMemory(what);
    }
  }

  private static ArchiveException tooLittleMemory(String what) {
    return new ArchiveException(
        what + " needs more memory than Java has here; set LAB_JAVA_OPTS=-Xmx1g.");
  }

  private static ContainerImage readStream(
      InputStream stream, ReadOptions options, Optional<KnownLayers> known, String what)
      throws IOException {
    Documents documents = new Documents(options.limits());
    Map<String, String> links = new TreeMap<>();
    Map<String, LayerSummary> layers = new TreeMap<>();
    Map<String, IOException> unreadable = new TreeMap<>();
    LayerScanner scanner = new LayerScanner(options.limits(), options.recompress());
    boolean compress = options.transferSizes() && !options.allKnown();
    InputStream plain = LayerScanner.unpacked(new BufferedInputStream(stream, BUFFER));
    TarReader tar = new TarReader(new BufferedInputStream(plain, BUFFER), options.limits());
    int entries = 0;
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarEntry entry = next.get();
      refuseTooMany(++entries);
      String name = OuterName.of(entry.name());
      if (entry.type() == FileType.SYMLINK) {
        links.put(name, OuterName.linked(name, entry.linkTarget()));
      } else if (entry.type() == FileType.FILE) {
        BufferedInputStream content = new BufferedInputStream(tar.content(), BUFFER);
        content.mark(SNIFF);
        byte[] start = content.readNBytes(SNIFF);
        content.reset();
        if (document(start)) {
          documents.add(name, content);
        } else if (layer(start)) {
          try {
            layers.put(
                name,
                known.isPresent()
                    ? known.get().read(scanner, name, content, entry.size(), compress)
                    : scanner.scan(content, entry.size(), compress));
          } catch (IOException e) {
            // It matters only if the image is made of it.
            unreadable.put(name, e);
          }
        }
      }
    }
    requireNonEmpty(entries);
    ImageManifest manifest = ImageManifest.find(documents, layers.keySet(), what, options);
    return manifest.assemble(
        options,
        name -> {
          String real = links.getOrDefault(name, name);
          if (unreadable.containsKey(real)) {
            throw unreadable.get(real);
          }
          return Optional.ofNullable(layers.get(real));
        });
  }

  private static ContainerImage readFile(Path file, FileChannel channel, ReadOptions options)
      throws IOException {
    Documents documents = new Documents(options.limits());
    Map<String, String> links = new TreeMap<>();
    Map<String, long[]> places = new TreeMap<>();
    TarReader tar =
        new TarReader(Channels.newInputStream((SeekableByteChannel) channel), options.limits());
    int entries = 0;
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarEntry entry = next.get();
      refuseTooMany(++entries);
      String name = OuterName.of(entry.name());
      if (entry.type() == FileType.SYMLINK) {
        links.put(name, OuterName.linked(name, entry.linkTarget()));
      } else if (entry.type() == FileType.FILE) {
        long offset = tar.offset();
        if (offset + entry.stored() > channel.size()) {
          throw new MalformedException("ends in the middle of " + name);
        }
        byte[] start = tar.content().readNBytes(SNIFF);
        if (document(start)) {
          channel.position(offset);
          documents.add(name, new Bounded(Channels.newInputStream(channel), entry.size()));
        } else if (layer(start)) {
          places.put(name, new long[] {offset, entry.size()});
        }
        channel.position(tar.offset() + tar.release());
      }
    }
    requireNonEmpty(entries);
    ImageManifest manifest =
        ImageManifest.find(documents, places.keySet(), file.toString(), options);
    try (LayerReaders readers = new LayerReaders(file, options, manifest)) {
      for (String name : new LinkedHashSet<>(manifest.layerNames())) {
        String real = links.getOrDefault(name, name);
        if (places.containsKey(real)) {
          readers.start(name, places.get(real));
        }
      }
      return manifest.assemble(options, readers::result);
    }
  }

  /** Reads the layers of a file side by side, each through a view of its own. */
  private static final class LayerReaders implements AutoCloseable {
    private final Path file;
    private final ReadOptions options;
    private final ImageManifest manifest;
    private final LayerScanner scanner;
    private final ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(4, Runtime.getRuntime().availableProcessors()));
    private final Map<String, Future<LayerSummary>> results = new ConcurrentHashMap<>();

    LayerReaders(Path file, ReadOptions options, ImageManifest manifest) {
      this.file = file;
      this.options = options;
      this.manifest = manifest;
      scanner = new LayerScanner(options.limits(), options.recompress());
    }

    void start(String name, long[] place) {
      boolean compress = options.transferSizes() && !manifest.transferSizeKnown(name, options);
      results.put(
          name,
          threads.submit(
              () -> {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                  channel.position(place[0]);
                  InputStream bytes = Channels.newInputStream(channel);
                  return scanner.scan(new Bounded(bytes, place[1]), place[1], compress);
                }
              }));
    }

    Optional<LayerSummary> result(String name) throws IOException {
      Future<LayerSummary> result = results.get(name);
      if (result == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(result.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        if (e.getCause() instanceof OutOfMemoryError) {
          throw new MalformedException(
              "needs more memory than Java has here; set LAB_JAVA_OPTS=-Xmx1g");
        }
        throw new IOException("cannot be read: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MalformedException("was not read to its end: interrupted");
      }
    }

    @Override
    public void close() {
      threads.shutdownNow();
      try {
        // Interrupted, they end with their next read.
        threads.awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The next so many bytes of a stream. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long length) {
      this.in = in;
      left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int got = in.read(target, from, (int) Math.min(length, left));
      left -= Math.max(0, got);
      return got;
    }
  }

  private static void refuseTooMany(int entries) throws IOException {
    if (entries > MOST_OUTER_ENTRIES) {
      throw new MalformedException("has more than " + MOST_OUTER_ENTRIES + " parts");
    }
  }

  private static void requireNonEmpty(int entries) throws IOException {
    if (entries == 0) {
      throw new MalformedException("is empty, and so no image archive");
    }
  }

  static boolean document(byte[] start) {
    for (byte b : start) {
      if (b == '{' || b == '[') {
        // A layer's first file may have such a name.
        return !TarReader.tar(start, start.length);
      }
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return false;
  }

  static boolean layer(byte[] start) {
    boolean gzip = start.length > 2 && start[0] == 0x1f && (start[1] & 0xff) == 0x8b;
    boolean zstd = start.length > 4 && start[0] == 0x28 && (start[1] & 0xff) == 0xb5;
    return gzip || zstd || start.length == SNIFF;
  }

  /** What is wrong, as the end of a sentence. */
  static String message(IOException e) {
    if (e instanceof MalformedException) {
      return e.getMessage();
    }
    if (e instanceof EOFException || e instanceof ZipException || e instanceof ZstdIOException) {
      return "is truncated or damaged: its compressed data cannot be read";
    }
    if (e instanceof AccessDeniedException) {
      return "cannot be read: permission denied";
    }
    String message = e.getMessage() == null ? "" : e.getMessage();
    return "cannot be read: " + (message.isEmpty() ? e.getClass().getSimpleName() : message);
  }
}
