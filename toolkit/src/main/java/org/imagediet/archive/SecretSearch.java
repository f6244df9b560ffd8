package org.imagediet.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.imagediet.image.FileType;
import org.imagediet.image.TextSearch;

/**
 * Looks for secrets in everything that an image ships: every file of every layer, deleted or not,
 * their names, and its configuration with environment, labels and history. A secret is found as it
 * is, in hexadecimal and in base64, also inside gzip and zip files. Nothing is held in memory but
 * the documents; the archive goes by once.
 */
public final class SecretSearch {

  private static final int BUFFER = 1 << 16;
  private static final int SNIFF = 512;

  /** A gzip in a zip in a gzip; who packs deeper than that does not do so by accident. */
  private static final int DEEPEST = 3;

  /** What may come out of packed files, all in all. */
  private static final long MOST_UNPACKED = 512L << 20;

  private static final int MOST_FINDINGS = 20;

  private final List<Secret.Form> forms = new ArrayList<>();
  private final TextSearch texts;
  private final Limits limits = Limits.defaults();
  private long unpacked;

  private SecretSearch(List<Secret> secrets) {
    secrets.forEach(secret -> forms.addAll(secret.forms()));
    texts = TextSearch.of(forms.stream().map(Secret.Form::bytes).toList());
  }

  /**
   * A secret, found.
   *
   * @param how such as {@code in base64}
   * @param place such as {@code layer 2, /src/.env}; comes from the image, so it is to be cleaned
   * @param instruction the line of the Dockerfile that brought it; may be empty
   */
  public record Finding(Secret secret, String how, String place, String instruction) {}

  /**
   * Looks through an archive of one image, to its end.
   *
   * @param archive as {@code docker save} makes it
   * @return each place once, the first of them where there are very many
   * @throws ArchiveException when it cannot be read
   */
  public static List<Finding> search(InputStream archive, List<Secret> secrets) {
    try {
      return new SecretSearch(secrets).search(archive);
    } catch (IOException e) {
      throw new ArchiveException("The image archive " + ImageArchive.message(e) + ".", e);
    }
  }

  /** Something found in a part of the archive whose place in the image is not known yet. */
  private record Raw(Secret.Form form, String file) {}

  private List<Finding> search(InputStream archive) throws IOException {
    Documents documents = new Documents(limits);
    List<Finding> findings = new ArrayList<>();
    Map<String, String> links = new TreeMap<>();
    Map<String, Set<Raw>> layers = new TreeMap<>();
    TarReader tar =
        new TarReader(
            new BufferedInputStream(
                LayerScanner.unpacked(new BufferedInputStream(archive, BUFFER)), BUFFER),
            limits);
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarEntry entry = next.get();
      String name = OuterName.of(entry.name());
      if (entry.type() == FileType.SYMLINK) {
        links.put(name, OuterName.linked(name, entry.linkTarget()));
      } else if (entry.type() == FileType.FILE) {
        BufferedInputStream content = new BufferedInputStream(tar.content(), BUFFER);
        content.mark(SNIFF);
        byte[] start = content.readNBytes(SNIFF);
        content.reset();
        if (ImageArchive.document(start)) {
          byte[] document = content.readNBytes(limits.documentBytes() + 1);
          documents.add(name, new ByteArrayInputStream(document));
          document(document, findings::add);
        } else if (ImageArchive.layer(start)) {
          layers.put(name, layer(content));
        }
      }
    }
    ImageManifest manifest =
        ImageManifest.find(documents, layers.keySet(), "The image", ReadOptions.defaults());
    List<String> instructions = manifest.instructions();
    for (int i = 0; i < manifest.layerNames().size(); i++) {
      String name = manifest.layerNames().get(i);
      String instruction = i < instructions.size() ? instructions.get(i) : "";
      Set<Raw> seen = layers.get(links.getOrDefault(name, name));
      if (seen == null) {
        throw new ArchiveException(
            "The image archive lacks the layer that its manifest names: " + name + ".");
      }
      for (Raw raw : seen) {
        findings.add(
            new Finding(
                raw.form().secret(),
                raw.form().how(),
                "layer " + (i + 1) + ", " + raw.file(),
                instruction));
      }
    }
    return findings.stream().distinct().limit(MOST_FINDINGS).toList();
  }

  private Set<Raw> layer(BufferedInputStream packed) throws IOException {
    Set<Raw> found = new LinkedHashSet<>();
    InputStream plain = new BufferedInputStream(LayerScanner.unpacked(packed), BUFFER);
    TarReader tar = new TarReader(plain, limits);
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarEntry entry = next.get();
      String path = entry.name().startsWith("/") ? entry.name() : "/" + entry.name();
      bytes(
          (path + "\n" + entry.linkTarget()).getBytes(StandardCharsets.UTF_8),
          form -> found.add(new Raw(form, "the name of a file")));
      if (entry.type() == FileType.FILE) {
        file(tar.content(), path, 0, found);
      }
    }
    plain.transferTo(OutputStream.nullOutputStream());
    return found;
  }

  /** Looks at a file's bytes, and at what they unpack to. */
  private void file(InputStream in, String path, int depth, Set<Raw> found) throws IOException {
    BufferedInputStream watched =
        new BufferedInputStream(
            new Watched(in, depth > 0, form -> found.add(new Raw(form, path))), BUFFER);
    watched.mark(4);
    byte[] start = watched.readNBytes(4);
    watched.reset();
    if (depth < DEEPEST) {
      try {
        if (begins(start, 0x1f, 0x8b) || begins(start, 0x28, 0xb5, 0x2f, 0xfd)) {
          try (InputStream plain =
              LayerScanner.unpacked(new BufferedInputStream(new Unclosed(watched), BUFFER))) {
            file(plain, path + ", unpacked", depth + 1, found);
          }
        } else if (begins(start, 'P', 'K', 3, 4)) {
          zip(watched, path, depth, found);
        }
      } catch (MalformedException e) {
        throw e;
      } catch (IOException | IllegalArgumentException e) {
        // It only looked packed, or it is a bomb; its own bytes are looked at all the same.
      }
    }
    watched.transferTo(OutputStream.nullOutputStream());
  }

  private void zip(InputStream in, String path, int depth, Set<Raw> found) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new Unclosed(in), StandardCharsets.ISO_8859_1)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        file(zip, path + ", in it " + entry.getName(), depth + 1, found);
      }
    }
  }

  private static boolean begins(byte[] start, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i == start.length || (start[i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private void bytes(byte[] bytes, Consumer<Secret.Form> found) {
    pass(found).add(bytes, 0, bytes.length);
  }

  private TextSearch.Pass pass(Consumer<Secret.Form> found) {
    return texts.pass((which, end) -> which.stream().mapToObj(forms::get).forEach(found));
  }

  /** Names the part of a JSON document that holds a secret. */
  private void document(byte[] document, Consumer<Finding> findings) {
    bytes(
        document,
        form -> {
          String where = "the configuration";
          try {
            where = part(new ObjectMapper().readTree(document), form).orElse(where);
          } catch (IOException e) {
            // No JSON that we can read, and a secret is in it.
          }
          findings.accept(new Finding(form.secret(), form.how(), where, ""));
        });
  }

  private Optional<String> part(JsonNode config, Secret.Form form) throws JsonProcessingException {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("/config/Env", "an environment variable");
    parts.put("/config/Labels", "a label");
    parts.put("/history", "a history entry");
    for (Map.Entry<String, String> part : parts.entrySet()) {
      BitSet seen = new BitSet();
      bytes(
          new ObjectMapper().writeValueAsBytes(config.at(part.getKey())),
          found -> seen.set(forms.indexOf(found)));
      if (seen.get(forms.indexOf(form))) {
        return Optional.of(part.getValue());
      }
    }
    return Optional.empty();
  }

  /** Looks at what is read, as it is read. */
  private final class Watched extends FilterInputStream {
    private final TextSearch.Pass search;
    private final boolean counted;

    Watched(InputStream in, boolean counted, Consumer<Secret.Form> found) {
      super(in);
      this.counted = counted;
      search = pass(found);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (counted && unpacked > MOST_UNPACKED) {
        throw new IOException("too much to unpack");
      }
      int got = in.read(target, from, length);
      if (got > 0) {
        unpacked += counted ? got : 0;
        search.add(target, from, from + got);
      }
      return got;
    }
  }

  /** Stays open when what unpacks it is closed: the archive around a packed file goes on. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
