package org.imagediet.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads the package databases of an image. */
public final class PackageDatabases {

  private static final Pattern KEPT =
      Pattern.compile(
          "/var/lib/dpkg/status|/var/lib/dpkg/status\\.d/(?!.*\\.md5sums$)[^/]+"
              + "|/(lib|usr/lib)/apk/db/installed");
  private static final int MOST = 20_000;

  private static final int KIBIBYTE = 1024;
  private static final Pattern SIZE = Pattern.compile("\\d{1,12}");

  private PackageDatabases() {}

  /** Returns whether a file is a database. */
  public static boolean database(String path) {
    return KEPT.matcher(path).matches();
  }

  static List<InstalledPackage> of(FileTree tree) {
    List<InstalledPackage> packages = new ArrayList<>();
    for (FileEntry entry : tree.entries()) {
      if (packages.size() < MOST && entry.regular() && database(entry.path())) {
        tree.bytes(entry.path())
            .ifPresent(
                bytes -> read(entry.path(), new String(bytes, StandardCharsets.UTF_8), packages));
      }
    }
    return packages;
  }

  /** Returns what the databases of one layer record, whatever other layers do to them. */
  public static List<InstalledPackage> in(Layer layer) {
    List<InstalledPackage> packages = new ArrayList<>();
    for (FileEntry entry : layer.entries()) {
      if (packages.size() < MOST && entry.regular() && database(entry.path())) {
        entry
            .content()
            .flatMap(Content::bytes)
            .ifPresent(
                bytes -> read(entry.path(), new String(bytes, StandardCharsets.UTF_8), packages));
      }
    }
    return packages;
  }

  private static void read(String path, String text, List<InstalledPackage> packages) {
    boolean apk = path.contains("/apk/");
    String database = apk ? "apk" : path.contains("/status.d/") ? "dpkg (distroless)" : "dpkg";
    String name = "";
    String version = "";
    OptionalLong bytes = OptionalLong.empty();
    boolean installed = true;
    for (String line : (text + "\n\n").lines().toList()) {
      if (line.isBlank()) {
        if (!name.isEmpty() && installed && packages.size() < MOST) {
          packages.add(new InstalledPackage(name, version, database, path, bytes));
        }
        name = "";
        version = "";
        bytes = OptionalLong.empty();
        installed = true;
      } else if (line.startsWith(apk ? "P:" : "Package:")) {
        name = line.substring(line.indexOf(':') + 1).strip();
      } else if (line.startsWith(apk ? "V:" : "Version:")) {
        version = line.substring(line.indexOf(':') + 1).strip();
      } else if (line.startsWith(apk ? "I:" : "Installed-Size:")) {
        bytes = size(line.substring(line.indexOf(':') + 1).strip(), apk ? 1 : KIBIBYTE);
      } else if (line.startsWith("Status:")) {
        // Removed packages keep a record while their configuration is there.
        installed = line.endsWith(" installed");
      }
    }
  }

  private static OptionalLong size(String number, int unit) {
    return SIZE.matcher(number).matches()
        ? OptionalLong.of(Long.parseLong(number) * unit)
        : OptionalLong.empty();
  }
}
