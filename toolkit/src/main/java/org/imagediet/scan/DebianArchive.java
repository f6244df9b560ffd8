package org.imagediet.scan;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.imagediet.bases.DebianRelease;

/** The archive that this machine's APT sources name. */
final class DebianArchive implements DebianAdvisories.Archive {

  private static final int MOST_PACKED = 4 << 20;
  private static final int MOST_BYTES = 16 << 20;

  private final DebianRelease release;

  private DebianArchive(DebianRelease release) {
    this.release = release;
  }

  /** Opens a release. */
  static DebianArchive open(String codename) {
    return new DebianArchive(DebianRelease.open(codename));
  }

  @Override
  public boolean security() {
    return release.security();
  }

  @Override
  public List<DebianRelease.Offer> offers() {
    return release.offers();
  }

  @Override
  public Map<String, String> changelogs(List<String> packages) {
    Map<String, String> changelogs = new LinkedHashMap<>();
    for (Map.Entry<String, Path> deb : release.download(packages).entrySet()) {
      String folder = "usr/share/doc/" + deb.getKey() + "/";
      // The second is that of packages which are Debian's own.
      List<String> names = List.of(folder + "changelog.Debian.gz", folder + "changelog.gz");
      DebianRelease.file(deb.getValue(), names, MOST_PACKED)
          .flatMap(DebianArchive::unpacked)
          .ifPresent(text -> changelogs.put(deb.getKey(), text));
    }
    return changelogs;
  }

  private static Optional<String> unpacked(byte[] gzip) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return Optional.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    release.close();
  }
}
