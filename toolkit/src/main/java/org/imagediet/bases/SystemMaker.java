package org.imagediet.bases;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.imagediet.archive.Sha256;
import org.imagediet.engine.Caches;
import org.imagediet.engine.Command;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;

/**
 * Assembles stand-ins that have a shell and a package manager, with mmdebstrap. A minimal system is
 * the bottom layer of all of them; the upper layer is what the packages add to it.
 */
final class SystemMaker {

  private static final Duration DEADLINE = Duration.ofMinutes(9);
  private static final String BUNDLE = "etc/ssl/certs/ca-certificates.crt";
  private static final String JAVA_TRUST_STORE = "etc/ssl/certs/java/cacerts";
  private static final Path HOST_AUTHORITIES = Path.of("/usr/local/share/ca-certificates");

  /** Files that differ between two runs or belong to one machine. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "dev/.+|proc/.+|sys/.+|etc/(hostname|resolv\\.conf)|var/log/.+|var/lib/apt/lists/.+"
              + "|var/cache/(apt|ldconfig|debconf|man)/.+|var/lib/dpkg/.+-old|var/lib/systemd/.+"
              + "|.+\\.jsa|.+/__pycache__/.*|etc/.+-|"
              + JAVA_TRUST_STORE);

  /** As in the published images: nothing that only people read, and no waiting for the disk. */
  private static final List<String> DPKG_OPTIONS = dpkgOptions();

  /**
   * Becomes a program whose temporary folder is in memory, where there is plenty: thousands of
   * small files are made and soon deleted, which takes some file systems longer than all the rest.
   * The mount is gone with the program, however that ends.
   */
  private static final String IN_MEMORY =
      """
      available=$(sed -n 's/^MemAvailable: *\\([0-9]*\\) kB$/\\1/p' /proc/meminfo)
      if [ "${available:-0}" -gt 6000000 ] && unshare --mount true 2>/dev/null; then
          exec unshare --mount --propagation private sh -c \
              'mount -t tmpfs -o mode=0755 tmpfs "$TMPDIR"; exec "$@"' sh "$@"
      fi
      exec "$@"
      """;

  /**
   * The machine's own apt fetches, as for the minimal system, and dpkg works within the new one.
   */
  private static final String INSTALL =
      "APT_CONFIG=\"$MMDEBSTRAP_APT_CONFIG\" apt-get -q -y --no-install-recommends"
          + " -oDPkg::Chroot-Directory=\"$1\" install ";

  /** What the machine has one of, and makers at the same time share. */
  private static final Object MACHINE = new Object();

  private final Debian debian;
  private final Path folder;
  private Optional<Minimal> minimal = Optional.empty();
  private Optional<Upper> upper = Optional.empty();

  /** The minimal system: its tar file, digest, and a fingerprint of each entry. */
  private record Minimal(SavedImage.LayerFile layer, Map<String, String> fingerprints) {}

  /** The upper layer that was made last; images with the same files are often made in a row. */
  private record Upper(SystemRecipe recipe, SavedImage.LayerFile layer) {}

  SystemMaker(Debian debian, Path folder) {
    this.debian = debian;
    this.folder = folder;
  }

  private static List<String> dpkgOptions() {
    List<String> options = new ArrayList<>(List.of("force-unsafe-io"));
    for (String folders : List.of("doc", "man", "info", "locale", "lintian")) {
      options.add("path-exclude=/usr/share/" + folders + "/*");
    }
    options.add("path-include=/usr/share/doc/*/copyright");
    return List.copyOf(options);
  }

  /** Writes a docker-save archive. */
  Path make(List<String> names, SystemRecipe recipe, Map<String, String> labels, Progress.Task task)
      throws IOException {
    Minimal below;
    synchronized (MACHINE) {
      requireTool(task);
      below = minimal(task);
    }
    List<SavedImage.LayerFile> layers = new ArrayList<>(List.of(below.layer()));
    boolean more =
        recipe.builder()
            || !recipe.packages().isEmpty()
            || !recipe.links().isEmpty()
            || !recipe.folders().isEmpty();
    if (more) {
      layers.add(upperOnce(recipe, below, task));
    }
    SavedImage.Config config =
        new SavedImage.Config(
            "",
            recipe.environment().isEmpty()
                ? Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
                : withPath(recipe.environment()),
            List.of(),
            recipe.command(),
            recipe.workingDirectory(),
            labels);
    Path archive = folder.resolve("image.tar");
    SavedImage.write(archive, names, debian.architecture(), config, layers);
    return archive;
  }

  private static Map<String, String> withPath(Map<String, String> environment) {
    Map<String, String> all = new TreeMap<>(environment);
    all.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    return all;
  }

  private static void requireTool(Progress.Task task) {
    if (Files.isExecutable(Path.of("/usr/bin/mmdebstrap"))) {
      return;
    }
    if (!System.getProperty("user.name").equals("root")) {
      throw new EnvironmentException(
          "Stand-ins for base images need mmdebstrap; install it with"
              + " `sudo apt-get install mmdebstrap` and run again.");
    }
    task.detail("installing mmdebstrap");
    install();
  }

  private static void install() {
    List<String> argv =
        List.of("apt-get", "install", "-y", "-q", "--no-install-recommends", "mmdebstrap");
    Command.Result result = installer(argv).run(DEADLINE);
    if (!result.succeeded()) {
      // Without package lists, as on a fresh machine, nothing can be found.
      installer(List.of("apt-get", "update", "-q")).run(DEADLINE);
      result = installer(argv).run(DEADLINE);
    }
    if (!result.succeeded()) {
      throw new EnvironmentException(
          "mmdebstrap, which assembles stand-ins, cannot be installed: " + result.lastLine() + ".");
    }
  }

  private static Command installer(List<String> argv) {
    return Command.of(argv).environment("DEBIAN_FRONTEND", "noninteractive");
  }

  private Minimal minimal(Progress.Task task) throws IOException {
    if (minimal.isPresent()) {
      return minimal.get();
    }
    Path cached = Caches.folder().resolve("minimal-" + key() + ".tar");
    Files.createDirectories(cached.getParent());
    if (!Files.exists(cached)) {
      task.detail("assembling a minimal Debian " + Debian.RELEASE);
      Path whole = bootstrap();
      Path part = Files.createTempFile(cached.getParent(), "minimal", ".part");
      write(whole, part, Map.of(), new SystemAdditions(minimalFiles(), Map.of(), List.of()));
      Files.delete(whole);
      Files.move(part, cached, StandardCopyOption.ATOMIC_MOVE);
    }
    Map<String, String> fingerprints = new HashMap<>();
    MessageDigest digest = Sha256.begin();
    try (var raw = new java.security.DigestInputStream(Files.newInputStream(cached), digest);
        TarArchiveInputStream in = new TarArchiveInputStream(new BufferedInputStream(raw))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        fingerprints.put(entry.getName(), fingerprint(entry, in.readAllBytes()));
      }
      raw.transferTo(OutputStream.nullOutputStream());
    }
    SavedImage.LayerFile layer =
        new SavedImage.LayerFile(
            cached,
            HexFormat.of().formatHex(digest.digest()),
            "Debian " + Debian.RELEASE + ", minimal");
    minimal = Optional.of(new Minimal(layer, fingerprints));
    return minimal.get();
  }

  /** Two mirrors may hold different versions, and the image remembers mirror and options. */
  private String key() {
    List<String> inputs = new ArrayList<>(debian.sources().lines(Debian.RELEASE));
    inputs.addAll(DPKG_OPTIONS);
    byte[] bytes = String.join("\n", inputs).getBytes(StandardCharsets.UTF_8);
    return debian.architecture()
        + "-"
        + HexFormat.of().formatHex(Sha256.begin().digest(bytes), 0, 6);
  }

  /** As the published images are set up: no package cache kept, no translations fetched. */
  private static Map<String, byte[]> minimalFiles() {
    Map<String, byte[]> files = new TreeMap<>();
    files.put(
        "etc/apt/apt.conf.d/docker-clean",
        """
        DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };
        Dir::Cache::pkgcache "";
        Dir::Cache::srcpkgcache "";
        Acquire::Languages "none";
        """
            .getBytes(StandardCharsets.UTF_8));
    return files;
  }

  private SavedImage.LayerFile upperOnce(SystemRecipe recipe, Minimal below, Progress.Task task)
      throws IOException {
    if (upper.isPresent() && !upper.get().recipe().common().equals(recipe.common())) {
      Files.delete(upper.get().layer().tar());
      upper = Optional.empty();
    }
    if (upper.isEmpty()) {
      upper = Optional.of(new Upper(recipe, upper(recipe, below, task)));
    }
    return upper.get().layer();
  }

  private SavedImage.LayerFile upper(SystemRecipe recipe, Minimal below, Progress.Task task)
      throws IOException {
    task.detail("installing " + String.join(" ", recipe.packages()));
    List<Path> authorities = recipe.builder() ? hostAuthorities() : List.of();
    Path whole = extend(below.layer().tar(), recipe.packages(), authorities);
    Path tar = folder.resolve("upper.tar");
    Map<String, String> links = new TreeMap<>(recipe.links());
    links.replaceAll((path, target) -> target.replace("${arch}", debian.architecture()));
    String digest =
        write(
            whole,
            tar,
            below.fingerprints(),
            new SystemAdditions(minimalFiles(), links, recipe.folders()));
    Files.delete(whole);
    return new SavedImage.LayerFile(
        tar, digest, "apt-get install " + String.join(" ", recipe.packages()));
  }

  private static List<Path> hostAuthorities() throws IOException {
    if (!Files.isDirectory(HOST_AUTHORITIES)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(HOST_AUTHORITIES, "*.crt")) {
      found.forEach(files::add);
    }
    files.sort(null);
    return files;
  }

  private Path bootstrap() throws IOException {
    List<String> options = new ArrayList<>(List.of("--variant=minbase", "--include=apt"));
    DPKG_OPTIONS.forEach(option -> options.add("--dpkgopt=" + option));
    // The JDK's installation links into it, and would fail for want of a folder of manuals.
    options.add("--essential-hook=mkdir -p \"$1/usr/share/man/man1\"");
    return assemble(options, Debian.RELEASE, debian.sources().lines(Debian.RELEASE), "apt");
  }

  /** Installs into a system that is there, which is less than half the work of a new one. */
  private Path extend(Path system, List<String> packages, List<Path> authorities)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("--variant=custom"));
    options.add("--setup-hook=tar-in " + quoted(system) + " /");
    if (!packages.isEmpty()) {
      options.add("--customize-hook=" + INSTALL + String.join(" ", packages));
    }
    for (Path authority : authorities) {
      options.add("--customize-hook=upload %1$s %1$s".formatted(quoted(authority)));
    }
    if (!authorities.isEmpty()) {
      options.add("--customize-hook=chroot \"$1\" update-ca-certificates");
    }
    // The system says itself which release it is, and where its packages come from.
    return assemble(options, "", List.of(), String.join(" ", packages));
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }

  private Path assemble(List<String> options, String release, List<String> sources, String what)
      throws IOException {
    Path tar = folder.resolve("whole.tar");
    Path system = Files.createDirectories(folder.resolve("system"));
    List<String> argv = new ArrayList<>(List.of("sh", "-c", IN_MEMORY, "sh"));
    argv.addAll(List.of("mmdebstrap", "--quiet", "--architectures=" + debian.architecture()));
    argv.addAll(options);
    argv.addAll(List.of(release, tar.toString()));
    argv.addAll(sources);
    Command.Result result =
        Command.of(argv)
            .environment("DEBIAN_FRONTEND", "noninteractive")
            .environment("SOURCE_DATE_EPOCH", "0")
            .environment("TMPDIR", system.toString())
            .run(DEADLINE);
    if (!result.succeeded()) {
      String why =
          result.lastLines().stream()
              .filter(line -> !line.contains("mmdebstrap") && !line.contains("setup failed"))
              .filter(line -> line.startsWith("E: ") || line.contains("No space left"))
              .findFirst()
              .orElse(result.lastLine());
      throw new EnvironmentException(
          "A stand-in with %s cannot be assembled: %s%s"
              .formatted(what, result.timedOut() ? "out of time; " : "", why));
    }
    return tar;
  }

  /** What is put into a layer beside the packages' files. */
  private record SystemAdditions(
      Map<String, byte[]> files, Map<String, String> links, List<String> folders) {}

  /** Writes the entries that the layer below does not have in the same way. */
  private static String write(
      Path whole, Path tar, Map<String, String> below, SystemAdditions additions)
      throws IOException {
    MessageDigest digest = Sha256.begin();
    boolean java = false;
    byte[] bundle = new byte[0];
    try (TarArchiveInputStream in =
            new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(whole)));
        TarArchiveOutputStream out =
            new TarArchiveOutputStream(
                new DigestOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(tar)), digest),
                "UTF-8")) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      out.setAddPaxHeadersForNonAsciiNames(true);
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        String path = entry.getName().replaceFirst("^\\./", "");
        java |= path.equals(JAVA_TRUST_STORE);
        if (path.isEmpty() || LEFT_OUT.matcher(path).matches()) {
          continue;
        }
        byte[] content = in.readAllBytes();
        if (path.equals(BUNDLE)) {
          bundle = content;
        }
        TarArchiveEntry copy = normalised(entry, path);
        if (!fingerprint(copy, content).equals(below.get(copy.getName()))) {
          put(out, copy, content);
        }
      }
      for (var file : additions.files().entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setMode(0644);
        put(out, entry, file.getValue());
      }
      for (String path : additions.folders()) {
        TarArchiveEntry entry = new TarArchiveEntry(path.substring(1) + "/");
        entry.setMode(0777);
        put(out, entry, new byte[0]);
      }
      for (var link : additions.links().entrySet()) {
        TarArchiveEntry entry =
            new TarArchiveEntry(link.getKey().substring(1), TarConstants.LF_SYMLINK);
        entry.setLinkName(link.getValue());
        put(out, entry, new byte[0]);
      }
      if (java) {
        TarArchiveEntry entry = new TarArchiveEntry(JAVA_TRUST_STORE);
        entry.setMode(0644);
        put(out, entry, JavaKeyStore.of(bundle));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static TarArchiveEntry normalised(TarArchiveEntry entry, String path) {
    byte type =
        entry.isDirectory()
            ? TarConstants.LF_DIR
            : entry.isSymbolicLink()
                ? TarConstants.LF_SYMLINK
                : entry.isLink() ? TarConstants.LF_LINK : TarConstants.LF_NORMAL;
    TarArchiveEntry copy = new TarArchiveEntry(path, type);
    copy.setMode(entry.getMode() & 07777);
    copy.setUserId(entry.getLongUserId());
    copy.setGroupId(entry.getLongGroupId());
    copy.setLinkName(entry.getLinkName().replaceFirst("^\\./", ""));
    return copy;
  }

  private static void put(TarArchiveOutputStream out, TarArchiveEntry entry, byte[] content)
      throws IOException {
    entry.setNames("", "");
    entry.setModTime(new Date(0));
    entry.setSize(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static String fingerprint(TarArchiveEntry entry, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        "%s %o %d %d %s "
            .formatted(
                (char) entry.getLinkFlag(),
                entry.getMode() & 07777,
                entry.getLongUserId(),
                entry.getLongGroupId(),
                entry.getLinkName())
            .getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(Sha256.begin().digest(content));
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
