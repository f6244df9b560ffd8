package org.imagediet.budget;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The images of a project as they were when somebody last agreed to their sizes: a file that is
 * committed and reviewed. What is written depends on the images alone, and one image's entry is
 * never touched by another's.
 */
public final class Baseline {

  private static final int MOST_BYTES = 5_000_000;
  private static final int MOST_NAME = 255;

  private final SortedMap<String, Snapshot> images;

  /** Each image's entry as it is in the file. */
  private final SortedMap<String, String> texts;

  Baseline(SortedMap<String, Snapshot> images, SortedMap<String, String> texts) {
    this.images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
    this.texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
  }

  /** Returns one without images. */
  public static Baseline empty() {
    return new Baseline(new TreeMap<>(), new TreeMap<>());
  }

  /**
   * Reads a file.
   *
   * @throws BaselineException when there is none, or it is not what {@link #write} wrote
   */
  public static Baseline read(Path file) {
    if (!Files.exists(file)) {
      throw new BaselineException(
          "There is no baseline %s; `./lab budget update` makes one.".formatted(file));
    }
    if (Files.isDirectory(file)) {
      throw new BaselineException(file + " is a folder; give the baseline's file.");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (AccessDeniedException e) {
      throw new BaselineException(file + " cannot be read: permission denied.", e);
    } catch (IOException e) {
      throw new BaselineException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
    if (bytes.length > MOST_BYTES) {
      throw new BaselineException(
          "%s is larger than %d bytes, and so no baseline.".formatted(file, MOST_BYTES));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return BaselineJson.read(text, file.toString());
    } catch (CharacterCodingException e) {
      throw new BaselineException(
          file + " is damaged: it is no UTF-8 text; restore it from version control.", e);
    }
  }

  /**
   * Reads a text.
   *
   * @param name what messages call it
   * @throws BaselineException when it is not what {@link #write} wrote
   */
  public static Baseline parse(String text, String name) {
    return BaselineJson.read(text, name);
  }

  /** Returns the names of its images. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(images.keySet()));
  }

  /** Returns what it keeps of an image; empty when it does not have it. */
  public Optional<Snapshot> find(String name) {
    return Optional.ofNullable(images.get(name));
  }

  /** The same, with an image added or replaced. */
  public Baseline with(String name, Snapshot snapshot) {
    requireName(name);
    SortedMap<String, Snapshot> newImages = new TreeMap<>(images);
    SortedMap<String, String> newTexts = new TreeMap<>(texts);
    newImages.put(name, snapshot);
    newTexts.put(name, BaselineJson.write(snapshot));
    return new Baseline(newImages, newTexts);
  }

  /** Returns the file's content. */
  public String json() {
    return BaselineJson.write(texts);
  }

  /** Writes the file, whole or not at all. */
  public void write(Path file) throws IOException {
    byte[] content = json().getBytes(StandardCharsets.US_ASCII);
    if (content.length > MOST_BYTES) {
      throw new BaselineException(
          "The baseline would be larger than %d bytes; keep some images in another file."
              .formatted(MOST_BYTES));
    }
    // A link keeps pointing at what is written.
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path part =
        target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      Files.write(part, content);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Returns the name that an image has in a baseline when none is given: its repository. A tag is
   * another one with every build, and some engines put {@code localhost/} or {@code docker.io/}
   * before a name.
   *
   * @return empty when the image has no name
   */
  public static Optional<String> nameOf(String reference) {
    String name = reference.replaceFirst("@.*$", "");
    int colon = name.lastIndexOf(':');
    if (colon > name.lastIndexOf('/')) {
      name = name.substring(0, colon);
    }
    name = name.replaceFirst("^(docker\\.io/library/|docker\\.io/|localhost/)", "");
    boolean id = reference.matches("(sha256:)?[0-9a-f]{12,64}");
    return Optional.of(name).filter(text -> !id && problem(text).isEmpty());
  }

  /**
   * Checks a name.
   *
   * @throws IllegalArgumentException when it cannot be the name of an image in a baseline
   */
  public static void requireName(String name) {
    problem(name)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("The name of an image in a baseline " + problem);
            });
  }

  static Optional<String> problem(String name) {
    if (name.isBlank()) {
      return Optional.of("must not be empty.");
    }
    if (name.length() > MOST_NAME) {
      return Optional.of("has at most " + MOST_NAME + " characters.");
    }
    return name.matches("[\\x21-\\x7e]+")
        ? Optional.empty()
        : Optional.of("has only printable ASCII characters, and no space.");
  }
}
