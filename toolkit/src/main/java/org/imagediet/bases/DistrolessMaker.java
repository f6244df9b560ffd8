package org.imagediet.bases;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.engine.Command;
import org.imagediet.engine.EnvironmentException;

/**
 * Assembles stand-ins for distroless images from unpacked Debian packages, layer upon layer, so
 * that the flavours share what they have in common.
 */
final class DistrolessMaker {

  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String BUNDLE = "/etc/ssl/certs/ca-certificates.crt";
  private static final String CERTIFICATES = "ca-certificates";
  private static final String BUSYBOX = "busybox-static";

  private final Debian debian;
  private final Path folder;
  private final Map<String, SavedImage.LayerFile> layers = new LinkedHashMap<>();
  private byte[] bundle = new byte[0];

  /**
   * Prepares to assemble.
   *
   * @param folder where layers are kept while this maker is in use
   */
  DistrolessMaker(Debian debian, Path folder) {
    this.debian = debian;
    this.folder = folder;
  }

  /** Writes a docker-save archive. */
  Path make(String name, DistrolessRecipe recipe, Map<String, String> labels) throws IOException {
    List<SavedImage.LayerFile> files = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", PATH + (recipe.tag().debug() ? ":/busybox" : ""));
    environment.put("SSL_CERT_FILE", BUNDLE);
    for (DistrolessRecipe layer : recipe.layers()) {
      files.add(layer(layer));
      environment.putAll(layer.environment());
    }
    if (recipe.tag().debug()) {
      files.add(busybox());
    }
    environment.replaceAll((key, value) -> placed(value));
    List<String> entrypoint = recipe.entrypoint();
    if (entrypoint.isEmpty() && recipe.tag().debug()) {
      entrypoint = List.of("/busybox/sh");
    }
    SavedImage.Config config =
        new SavedImage.Config(
            recipe.tag().nonroot() ? "65532" : "0",
            environment,
            entrypoint,
            List.of(),
            recipe.tag().nonroot() ? "/home/nonroot" : "/",
            labels);
    Path archive = folder.resolve("image.tar");
    SavedImage.write(archive, List.of(name), debian.architecture(), config, files);
    return archive;
  }

  private String placed(String text) {
    return text.replace("${arch}", debian.architecture());
  }

  private SavedImage.LayerFile layer(DistrolessRecipe recipe) throws IOException {
    SavedImage.LayerFile known = layers.get(recipe.flavour());
    if (known != null) {
      return known;
    }
    Layer layer = new Layer();
    boolean bottom = recipe.below().isEmpty();
    List<String> wanted = new ArrayList<>(recipe.packages());
    // Their certificates go into a bundle; the package itself is not unpacked.
    wanted.add(CERTIFICATES);
    Map<String, Path> debs = debian.download(wanted);
    if (bundle.length == 0) {
      bundle = certificateBundle(debs.get(CERTIFICATES));
    }
    for (String name : recipe.packages()) {
      Debian.files(debs.get(name), tar -> layer.addTar(tar, DistrolessMaker::kept));
      addRecord(layer, name, debs.get(name));
    }
    if (bottom) {
      addRecord(layer, CERTIFICATES, debs.get(CERTIFICATES));
      addUsersAndFolders(layer);
      layer.file(BUNDLE, 0555, bundle);
    }
    recipe.javaTrustStore().ifPresent(path -> layer.file(path, 0444, JavaKeyStore.of(bundle)));
    recipe.links().forEach((path, target) -> layer.link(path, placed(target)));
    return written(recipe.flavour(), layer, "distroless " + recipe.flavour());
  }

  private SavedImage.LayerFile busybox() throws IOException {
    SavedImage.LayerFile known = layers.get(BUSYBOX);
    if (known != null) {
      return known;
    }
    Layer unpacked = new Layer();
    Path deb = debian.download(List.of(BUSYBOX)).get(BUSYBOX);
    Debian.files(deb, tar -> unpacked.addTar(tar, path -> path.endsWith("/busybox")));
    String path =
        unpacked.paths(p -> p.endsWith("bin/busybox")).stream()
            .findFirst()
            .orElseThrow(
                () -> new EnvironmentException("Debian's busybox-static has no bin/busybox."));
    byte[] program = unpacked.content(path);
    Layer layer = new Layer();
    layer.file("/busybox/busybox", 0755, program);
    for (String applet : applets(program)) {
      layer.link("/busybox/" + applet, "/busybox/busybox");
    }
    return written(BUSYBOX, layer, "busybox");
  }

  /** Asks the program itself, which has this machine's architecture. */
  private List<String> applets(byte[] program) throws IOException {
    Path file = folder.resolve("busybox");
    Files.write(file, program);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    List<String> names = new ArrayList<>();
    Command.of(file.toString(), "--list").onLine(names::add).run(Duration.ofSeconds(10));
    names.removeIf(name -> name.equals("busybox") || !name.matches("[a-z0-9\\[_.-]+"));
    if (!names.contains("sh")) {
      throw new EnvironmentException("Debian's busybox does not run on this machine.");
    }
    return names;
  }

  private SavedImage.LayerFile written(String key, Layer layer, String createdBy)
      throws IOException {
    Path tar = folder.resolve("layer-" + key + ".tar");
    SavedImage.LayerFile file = new SavedImage.LayerFile(tar, layer.write(tar), createdBy);
    layers.put(key, file);
    return file;
  }

  /**
   * What the published images leave out too: manuals, translations, hints for Debian's own tools.
   */
  private static boolean kept(String path) {
    if (path.startsWith("usr/share/doc/")) {
      return path.endsWith("/copyright") || path.indexOf('/', "usr/share/doc/".length()) < 0;
    }
    for (String folder : List.of("man", "info", "locale", "lintian", "bug", "gcc", "doc-base")) {
      if (path.startsWith("usr/share/" + folder + "/")) {
        return false;
      }
    }
    return !path.startsWith("usr/lib/systemd/") && !path.startsWith("etc/default/");
  }

  /** The record by which scanners know the package, though there is no dpkg to read it. */
  private static void addRecord(Layer layer, String name, Path deb) {
    Map<String, byte[]> control = new TreeMap<>();
    Debian.control(
        deb,
        in -> {
          TarArchiveInputStream tar = new TarArchiveInputStream(in);
          for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
            if (e.isFile()) {
              control.put(e.getName().replaceFirst("^\\./", ""), tar.readAllBytes());
            }
          }
        });
    String records = "/var/lib/dpkg/status.d/";
    layer.file(records + name, 0644, control.getOrDefault("control", new byte[0]));
    if (control.containsKey("md5sums")) {
      layer.file(records + name + ".md5sums", 0644, control.get("md5sums"));
    }
  }

  private static byte[] certificateBundle(Path deb) {
    Layer roots = new Layer();
    Predicate<String> root = path -> path.matches("usr/share/ca-certificates/mozilla/.*\\.crt");
    Debian.files(deb, tar -> roots.addTar(tar, root));
    ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    for (String path : roots.paths(root)) {
      byte[] pem = roots.content(path);
      bundle.writeBytes(pem);
      if (pem.length > 0 && pem[pem.length - 1] != '\n') {
        bundle.write('\n');
      }
    }
    return bundle.toByteArray();
  }

  private static void addUsersAndFolders(Layer layer) {
    layer
        .file(
            "/etc/passwd",
            """
            root:x:0:0:root:/root:/sbin/nologin
            nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
            nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
            """)
        .file(
            "/etc/group",
            """
            root:x:0:
            nobody:x:65534:
            tty:x:5:
            staff:x:50:
            nonroot:x:65532:
            """)
        .file("/etc/nsswitch.conf", "hosts: files dns\n")
        .file(
            "/usr/lib/os-release",
            """
            PRETTY_NAME="Distroless"
            NAME="Debian GNU/Linux"
            ID="debian"
            VERSION_ID="13"
            VERSION="Debian GNU/Linux 13 (trixie)"
            """)
        .link("/etc/os-release", "../usr/lib/os-release")
        .folder("/root", 0700, 0)
        .folder("/home", 0755, 0)
        .folder("/home/nonroot", 0700, 65532)
        .folder("/tmp", 01777, 0);
  }
}
