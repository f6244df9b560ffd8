package org.imagediet.bases;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.engine.EnvironmentException;

/**
 * A release of Debian as this machine's mirror serves it now: its updates and, where the mirror of
 * the security suite is known, that suite too.
 */
public final class DebianRelease implements AutoCloseable {

  private static final Pattern SOURCE = Pattern.compile("(\\S+)(?: \\((\\S+)\\))?");

  private final Debian debian;

  private DebianRelease(Debian debian) {
    this.debian = debian;
  }

  /**
   * Opens a release; the mirror is asked only when it is needed.
   *
   * @param codename such as {@code trixie}
   * @throws EnvironmentException when this machine knows no mirror of Debian's
   */
  public static DebianRelease open(String codename) {
    return new DebianRelease(new Debian(AptSources.ofThisMachine(), codename));
  }

  /** The name of the setting that says where the security suite is. */
  public static String securitySetting() {
    return AptSources.SECURITY_VARIABLE;
  }

  /**
   * The newest version of a package.
   *
   * @param source the source package that it is built from
   * @param bytes the size of its file
   */
  public record Offer(
      String name, String version, String source, String sourceVersion, long bytes) {}

  /** Returns whether the security suite is among the sources. */
  public boolean security() {
    return debian.sources().security().isPresent();
  }

  /**
   * Returns what the release offers now.
   *
   * @throws EnvironmentException when the mirror does not serve it in time
   */
  public List<Offer> offers() {
    Stanzas stanzas = new Stanzas();
    debian.describe(stanzas::line);
    stanzas.end();
    return stanzas.offers;
  }

  /**
   * Downloads packages, and returns their files by name; they go when this is closed.
   *
   * @throws EnvironmentException when the mirror does not serve them in time
   */
  public Map<String, Path> download(List<String> packages) {
    return debian.downloadOnce(packages);
  }

  /** Reads the first file of a package that has one of the names, if there is one, bounded. */
  public static Optional<byte[]> file(Path deb, List<String> names, int mostBytes) {
    Layer layer = new Layer();
    Debian.files(deb, tar -> layer.addTar(tar, names::contains, mostBytes));
    return names.stream().map(layer::content).filter(bytes -> bytes.length > 0).findFirst();
  }

  /** Puts the records of packages together, line by line. */
  private static final class Stanzas {
    private final List<Offer> offers = new ArrayList<>();
    private String name = "";
    private String version = "";
    private String source = "";
    private long bytes;

    void line(String line) {
      if (line.startsWith("Package: ")) {
        end();
        name = value(line);
      } else if (line.startsWith("Version: ")) {
        version = value(line);
      } else if (line.startsWith("Source: ")) {
        source = value(line);
      } else if (line.matches("Size: \\d{1,12}")) {
        bytes = Long.parseLong(value(line));
      }
    }

    private static String value(String line) {
      return line.substring(line.indexOf(' ') + 1).strip();
    }

    void end() {
      if (!name.isEmpty() && !version.isEmpty()) {
        Matcher built = SOURCE.matcher(source);
        boolean other = built.matches();
        offers.add(
            new Offer(
                name,
                version,
                other ? built.group(1) : name,
                other && built.group(2) != null ? built.group(2) : version,
                bytes));
      }
      name = "";
      version = "";
      source = "";
      bytes = 0;
    }
  }

  @Override
  public void close() {
    debian.close();
  }
}
