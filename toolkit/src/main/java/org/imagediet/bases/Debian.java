package org.imagediet.bases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Command;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;

/**
 * Fetches packages of one Debian release with APT, in a configuration of our own beside the host's,
 * and keeps them in a cache. APT verifies the release's signature and each package's checksum.
 */
final class Debian implements AutoCloseable {

  /** The release that stand-ins are made from. */
  static final String RELEASE = "trixie";

  private static final Duration UPDATE = Duration.ofMinutes(3);
  private static final Duration DOWNLOAD = Duration.ofMinutes(8);

  private final TempFolder folder = TempFolder.create();
  private final AptSources sources;
  private final String release;
  private final String architecture;
  private boolean updated;

  Debian(AptSources sources) {
    this(sources, RELEASE);
  }

  Debian(AptSources sources, String release) {
    this.sources = sources;
    this.release = release;
    requireProgram("apt-get");
    requireProgram("dpkg-deb");
    architecture =
        Command.of("dpkg", "--print-architecture").run(Duration.ofSeconds(10)).lastLine();
  }

  private static void requireProgram(String name) {
    if (!Files.isExecutable(Path.of("/usr/bin", name))) {
      throw new EnvironmentException(
          "The base images cannot be pulled, and stand-ins can only be assembled on Debian or"
              + " Ubuntu ("
              + name
              + " is missing here); load them from a file with `./lab bases load FILE`.");
    }
  }

  /** Returns Debian's name of the architecture, such as {@code amd64}. */
  String architecture() {
    return architecture;
  }

  AptSources sources() {
    return sources;
  }

  /** Downloads packages, and returns their files by package name. */
  Map<String, Path> download(List<String> packages) {
    try {
      update();
      Map<String, String> versions = candidates(packages);
      Path cache = Files.createDirectories(Caches.folder().resolve("debs"));
      Map<String, Path> files = new LinkedHashMap<>();
      List<String> wanted = new ArrayList<>();
      for (String name : packages) {
        Path cached = cache.resolve(name + "_" + versions.get(name).replace(':', '+') + ".deb");
        files.put(name, cached);
        if (!Files.exists(cached)) {
          wanted.add(name);
        }
      }
      if (!wanted.isEmpty()) {
        fetch(wanted, files);
      }
      return files;
    } catch (IOException e) {
      throw new EnvironmentException(
          "Debian packages cannot be stored: " + e.getMessage() + ".", e);
    }
  }

  /**
   * Downloads packages that are looked at once, and returns their files by package name; the files
   * go with this.
   */
  Map<String, Path> downloadOnce(List<String> packages) {
    Map<String, Path> files = new LinkedHashMap<>();
    try {
      update();
      Path downloads = Files.createTempDirectory(folder.path(), "once");
      fetchInto(downloads, packages);
      try (DirectoryStream<Path> debs = Files.newDirectoryStream(downloads, "*.deb")) {
        for (Path deb : debs) {
          files.put(deb.getFileName().toString().split("_")[0], deb);
        }
      }
      return files;
    } catch (IOException e) {
      throw new EnvironmentException(
          "Debian packages cannot be stored: " + e.getMessage() + ".", e);
    }
  }

  /** Hands on each line, blank ones left out, of what the release's newest packages say. */
  void describe(Consumer<String> line) {
    try {
      update();
    } catch (IOException e) {
      throw new EnvironmentException(
          "Debian's package lists cannot be stored: " + e.getMessage() + ".", e);
    }
    Command.Result result =
        Command.of(apt("apt-cache", "dumpavail")).onLine(line).run(Duration.ofSeconds(90));
    if (!result.succeeded()) {
      throw unreachable("Debian's package lists cannot be read", result);
    }
  }

  private void fetchInto(Path downloads, List<String> packages) {
    List<String> argv = apt("apt-get", "download");
    argv.addAll(packages);
    Command.Result result = Command.of(argv).directory(downloads).run(DOWNLOAD);
    if (!result.succeeded()) {
      throw unreachable("Debian packages cannot be downloaded", result);
    }
  }

  private void fetch(List<String> wanted, Map<String, Path> files) throws IOException {
    Path downloads = Files.createDirectories(folder.path().resolve("downloads"));
    fetchInto(downloads, wanted);
    try (DirectoryStream<Path> debs = Files.newDirectoryStream(downloads, "*.deb")) {
      for (Path deb : debs) {
        String name = deb.getFileName().toString().split("_")[0];
        if (files.containsKey(name)) {
          // A name appears in the cache only once its content is whole.
          Path part = Files.createTempFile(files.get(name).getParent(), name, ".part");
          Files.move(deb, part, StandardCopyOption.REPLACE_EXISTING);
          Files.move(part, files.get(name), StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    for (String name : wanted) {
      if (!Files.exists(files.get(name))) {
        throw new EnvironmentException(
            "Debian " + release + " has no package " + name + " on this mirror; try later.");
      }
    }
  }

  private Map<String, String> candidates(List<String> packages) {
    List<String> argv = apt("apt-cache", "policy");
    argv.addAll(packages);
    List<String> lines = new ArrayList<>();
    Command.Result result = Command.of(argv).onLine(lines::add).run(Duration.ofSeconds(60));
    Map<String, String> versions = new TreeMap<>();
    String name = "";
    for (String line : lines) {
      if (!line.startsWith(" ") && line.endsWith(":")) {
        name = line.substring(0, line.length() - 1);
      } else if (line.strip().startsWith("Candidate: ")) {
        versions.put(name, line.strip().substring("Candidate: ".length()));
      }
    }
    for (String wanted : packages) {
      if (!result.succeeded() || versions.getOrDefault(wanted, "(none)").equals("(none)")) {
        throw new EnvironmentException(
            "The Debian mirror %s has no package %s for %s in %s."
                .formatted(sources.mirror(), wanted, architecture, release));
      }
    }
    return versions;
  }

  private void update() throws IOException {
    if (updated) {
      return;
    }
    for (String name : List.of("lists/partial", "cache/archives/partial", "etc")) {
      Files.createDirectories(folder.path().resolve(name));
    }
    // APT drops its privileges to read what it fetched.
    Files.setPosixFilePermissions(
        folder.path(), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createFile(folder.path().resolve("status"));
    Files.write(folder.path().resolve("etc/sources.list"), sources.lines(release));
    Command.Result result = Command.of(apt("apt-get", "update")).run(UPDATE);
    boolean reached = result.lastLines().stream().noneMatch(line -> line.startsWith("E: "));
    if (!result.succeeded() || !reached) {
      throw unreachable("The Debian mirror " + sources.mirror() + " does not serve", result);
    }
    updated = true;
  }

  private static EnvironmentException unreachable(String what, Command.Result result) {
    String why =
        result.timedOut()
            ? "no answer in time"
            : result.lastLines().stream()
                .filter(line -> line.startsWith("E: ") || line.startsWith("W: "))
                .findFirst()
                .orElse(result.lastLine());
    return new EnvironmentException(
        "%s: %s. Check the network, set %s to another mirror, or load the images from a file with"
                .formatted(what, why, AptSources.MIRROR_VARIABLE)
            + " `./lab bases load FILE`.");
  }

  private List<String> apt(String program, String action) {
    Path at = folder.path();
    List<String> argv = new ArrayList<>(List.of(program, "-q"));
    for (String option :
        List.of(
            "Dir::Etc::SourceList=" + at.resolve("etc/sources.list"),
            "Dir::Etc::SourceParts=/dev/null",
            "Dir::Etc::Preferences=/dev/null",
            "Dir::Etc::PreferencesParts=/dev/null",
            "Dir::State::Lists=" + at.resolve("lists"),
            "Dir::State::status=" + at.resolve("status"),
            "Dir::Cache=" + at.resolve("cache"),
            // Containers' own settings keep none, and each call reads all lists anew.
            "Dir::Cache::pkgcache=pkgcache.bin",
            "Dir::Cache::srcpkgcache=srcpkgcache.bin",
            "APT::Architecture=" + architecture,
            "APT::Architectures::=" + architecture,
            "APT::Sandbox::User=root",
            "Acquire::Languages=none",
            "Acquire::Retries=2",
            "Acquire::http::Timeout=20")) {
      argv.addAll(List.of("-o", option));
    }
    argv.add(action);
    return argv;
  }

  /** Streams the tar of a package's files to a reader. */
  static void files(Path deb, LayerReader reader) {
    pipe(List.of("dpkg-deb", "--fsys-tarfile", deb.toString()), reader);
  }

  /** Streams the tar of a package's control files to a reader. */
  static void control(Path deb, LayerReader reader) {
    pipe(List.of("dpkg-deb", "--ctrl-tarfile", deb.toString()), reader);
  }

  /** Reads a tar stream. */
  interface LayerReader {
    void read(InputStream tar) throws IOException;
  }

  private static void pipe(List<String> argv, LayerReader reader) {
    try {
      Process process =
          new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      try (InputStream out = process.getInputStream()) {
        reader.read(out);
        out.transferTo(java.io.OutputStream.nullOutputStream());
      }
      if (process.waitFor() != 0) {
        throw new EnvironmentException("The package " + argv.get(2) + " is damaged; remove it.");
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "The package " + argv.get(2) + " cannot be read: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("Interrupted while reading a package.", e);
    }
  }

  @Override
  public void close() {
    folder.close();
  }
}
