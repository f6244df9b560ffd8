package org.imagediet.scan;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.imagediet.bases.DebianRelease.Offer;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;

/**
 * What Debian's archive tells of vulnerabilities: where it offers a newer version of an installed
 * package, the newer version's changelog names the CVEs that it fixes. That knows no CVE that is
 * not fixed yet and no severity, and takes a changelog at its word.
 *
 * <p>What the archive offers is asked once a day, a changelog once for all; both are kept in files.
 */
final class DebianAdvisories {

  private static final Duration FRESH = Duration.ofHours(24);

  private static final Duration PAUSE = Duration.ofHours(1);

  /** A source package has many packages, and some have only a link in place of the changelog. */
  private static final int MOST_TRIES = 4;

  private static final int MOST_SOURCES = 400;
  private static final long MOST_BYTES = 60L << 20;
  private static final long MOST_BYTES_IN_ALL = 400L << 20;

  private static final String HEADER = "three-image-diet-offers-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Clock clock;
  private final Function<String, Archive> archives;

  /** A release of Debian, as a mirror serves it. */
  interface Archive extends AutoCloseable {

    /** Returns whether the security suite is a part of it. */
    boolean security();

    /** Returns the newest version of each package. */
    List<Offer> offers();

    /** Returns the changelogs of packages, as far as they carry one, by the packages' names. */
    Map<String, String> changelogs(List<String> packages);

    @Override
    void close();
  }

  /** A package as an image has it. */
  record Installed(String name, String version) {}

  /**
   * What is known of some packages.
   *
   * @param codename the release
   * @param date when the archive was asked
   * @param security whether its security suite was asked too
   * @param fixes the version that fixes a CVE, by source package and CVE
   * @param unread outdated source packages whose changelogs could not be had
   */
  record Known(
      String codename,
      Instant date,
      boolean security,
      Map<String, Map<String, String>> fixes,
      List<String> unread) {}

  private record Index(Instant date, boolean security, Map<String, Offer> offers) {}

  private record Source(String name, String version) {}

  /**
   * Prepares to look things up.
   *
   * @param folder where to keep what was found out
   * @param archives opens the archive of a release, given its codename
   */
  DebianAdvisories(Path folder, Clock clock, Function<String, Archive> archives) {
    this.folder = folder;
    this.clock = clock;
    this.archives = archives;
  }

  /**
   * Finds out what the updates of packages fix.
   *
   * @throws EnvironmentException when the archive is neither to be asked nor known from before
   */
  Known lookUp(String codename, Collection<Installed> packages, Progress.Task task) {
    try (Lazy archive = new Lazy(codename)) {
      Index index = index(codename, archive, task);
      Map<Source, List<Offer>> outdated = outdated(index, packages);
      Map<Source, Map<String, String>> fixes = new LinkedHashMap<>();
      outdated.keySet().forEach(s -> remembered(codename, s).ifPresent(f -> fixes.put(s, f)));
      Map<Source, List<Offer>> missing = new LinkedHashMap<>(outdated);
      missing.keySet().removeAll(fixes.keySet());
      if (!missing.isEmpty()) {
        task.detail("reading the changelogs of " + missing.size() + " updates");
        fixes.putAll(readChangelogs(codename, archive, missing));
      }
      Map<String, Map<String, String>> bySource = new TreeMap<>();
      fixes.forEach((source, cves) -> bySource.put(source.name(), cves));
      List<String> unread =
          outdated.keySet().stream()
              .filter(source -> !fixes.containsKey(source))
              .map(Source::name)
              .sorted()
              .toList();
      return new Known(codename, index.date(), index.security(), bySource, unread);
    }
  }

  /** Opens the archive only when it is needed. */
  private final class Lazy implements AutoCloseable {
    private final String codename;
    private Optional<Archive> opened = Optional.empty();

    Lazy(String codename) {
      this.codename = codename;
    }

    Archive get() {
      if (opened.isEmpty()) {
        opened = Optional.of(archives.apply(codename));
      }
      return opened.get();
    }

    @Override
    public void close() {
      opened.ifPresent(Archive::close);
    }
  }

  private Index index(String codename, Lazy archive, Progress.Task task) {
    Path file = folder.resolve(codename + ".tsv.gz");
    Optional<Index> kept = read(file);
    if (kept.filter(i -> i.date().plus(FRESH).isAfter(clock.instant())).isPresent()) {
      return kept.get();
    }
    Path failed = folder.resolve(codename + ".no-answer");
    if (kept.isPresent() && recent(failed)) {
      return kept.get();
    }
    try {
      task.detail("asking Debian's archive for its newest packages of " + codename);
      Archive asked = archive.get();
      Map<String, Offer> offers = new HashMap<>();
      asked.offers().forEach(offer -> offers.put(offer.name(), offer));
      Index index = new Index(clock.instant(), asked.security(), offers);
      write(file, index);
      return index;
    } catch (EnvironmentException e) {
      // Old knowledge is better than none; its date says what it is.
      Index old = kept.orElseThrow(() -> e);
      store(failed, part -> {});
      return old;
    }
  }

  /** Whether the archive did not answer a short time ago; asking again may take minutes. */
  private boolean recent(Path failed) {
    try {
      return Files.exists(failed)
          && Files.getLastModifiedTime(failed).toInstant().plus(PAUSE).isAfter(clock.instant());
    } catch (IOException e) {
      return false;
    }
  }

  private static Map<Source, List<Offer>> outdated(Index index, Collection<Installed> packages) {
    Map<Source, List<Offer>> installed = new LinkedHashMap<>();
    for (Installed has : packages) {
      Offer offer = index.offers().get(has.name());
      if (offer != null
          && DebianVersion.parse(offer.version()).compareTo(DebianVersion.parse(has.version()))
              > 0) {
        installed
            .computeIfAbsent(
                new Source(offer.source(), offer.sourceVersion()), source -> new ArrayList<>())
            .add(offer);
      }
    }
    if (installed.isEmpty()) {
      return installed;
    }
    Map<Source, List<Offer>> siblings = new HashMap<>();
    for (Offer offer : index.offers().values()) {
      siblings
          .computeIfAbsent(
              new Source(offer.source(), offer.sourceVersion()), source -> new ArrayList<>())
          .add(offer);
    }
    Map<Source, List<Offer>> outdated = new LinkedHashMap<>();
    installed.forEach((source, own) -> outdated.put(source, tries(siblings.get(source), own)));
    return outdated;
  }

  /**
   * Whom to ask for a changelog: the smallest packages, which cost least; then what the image has,
   * in case those only link to it.
   */
  private static List<Offer> tries(List<Offer> siblings, List<Offer> own) {
    Comparator<Offer> smallest = Comparator.comparingLong(Offer::bytes);
    return Stream.concat(
            siblings.stream().sorted(smallest).limit(MOST_TRIES / 2), own.stream().sorted(smallest))
        .distinct()
        .filter(offer -> offer.bytes() <= MOST_BYTES)
        .limit(MOST_TRIES)
        .toList();
  }

  private Map<Source, Map<String, String>> readChangelogs(
      String codename, Lazy archive, Map<Source, List<Offer>> missing) {
    Map<Source, Map<String, String>> fixes = new LinkedHashMap<>();
    Map<Source, List<Offer>> left = new LinkedHashMap<>();
    missing.entrySet().stream()
        .limit(MOST_SOURCES)
        .forEach(entry -> left.put(entry.getKey(), entry.getValue()));
    long bytes = 0;
    try {
      for (int attempt = 0; attempt < MOST_TRIES && !left.isEmpty(); attempt++) {
        Map<String, Source> wanted = new LinkedHashMap<>();
        for (Map.Entry<Source, List<Offer>> entry : left.entrySet()) {
          if (attempt < entry.getValue().size()) {
            Offer offer = entry.getValue().get(attempt);
            bytes += offer.bytes();
            if (bytes <= MOST_BYTES_IN_ALL) {
              wanted.put(offer.name(), entry.getKey());
            }
          }
        }
        if (wanted.isEmpty()) {
          break;
        }
        archive
            .get()
            .changelogs(List.copyOf(wanted.keySet()))
            .forEach(
                (name, text) -> {
                  Source source = wanted.get(name);
                  if (source != null) {
                    fixes.put(source, Changelog.fixes(text));
                    left.remove(source);
                  }
                });
      }
    } catch (EnvironmentException e) {
      // What could not be read stays unread, and the result says so.
    }
    fixes.forEach((source, cves) -> remember(codename, source, cves));
    return fixes;
  }

  private Path file(String codename, Source source) {
    String name = source.name() + "_" + source.version().replace(':', '+') + ".json";
    return folder.resolve(codename).resolve(name.replaceAll("[^A-Za-z0-9.+~_-]", "_"));
  }

  private Optional<Map<String, String>> remembered(String codename, Source source) {
    Path file = file(codename, source);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), new TypeReference<>() {}));
    } catch (IOException e) {
      // Damaged: it is asked for again.
      return Optional.empty();
    }
  }

  private void remember(String codename, Source source, Map<String, String> fixes) {
    store(file(codename, source), part -> JSON.writeValue(part.toFile(), new TreeMap<>(fixes)));
  }

  /** Returns when a kept list of offers was made; nothing when it is none. */
  static Optional<Instant> date(Path offers) {
    return read(offers).map(Index::date);
  }

  private static Optional<Index> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      String[] header = String.valueOf(in.readLine()).split("\t");
      if (header.length != 3 || !header[0].equals(HEADER)) {
        return Optional.empty();
      }
      Map<String, Offer> offers = new HashMap<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] f = line.split("\t", -1);
        offers.put(f[0], new Offer(f[0], f[1], f[2], f[3], Long.parseLong(f[4])));
      }
      return Optional.of(new Index(Instant.parse(header[1]), header[2].equals("security"), offers));
    } catch (IOException | RuntimeException e) {
      // Damaged: it is made again.
      return Optional.empty();
    }
  }

  private static void write(Path file, Index index) {
    store(
        file,
        part -> {
          try (BufferedWriter out =
              new BufferedWriter(
                  new OutputStreamWriter(
                      new GZIPOutputStream(Files.newOutputStream(part)), StandardCharsets.UTF_8))) {
            String suites = index.security() ? "security" : "no-security";
            out.write(HEADER + "\t" + index.date() + "\t" + suites + "\n");
            for (Offer offer : new TreeMap<>(index.offers()).values()) {
              out.write(
                  String.join(
                          "\t",
                          offer.name(),
                          offer.version(),
                          offer.source(),
                          offer.sourceVersion(),
                          Long.toString(offer.bytes()))
                      + "\n");
            }
          }
        });
  }

  private interface Writing {
    void to(Path part) throws IOException;
  }

  /** A name appears only once its content is whole; others may write the same at the same time. */
  private static void store(Path file, Writing writing) {
    try {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), "part-", "");
      try {
        writing.to(part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "What Debian's archive says cannot be kept in %s: %s."
              .formatted(file.getParent(), e.getMessage()),
          e);
    }
  }
}
