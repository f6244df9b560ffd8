package org.imagediet.bases;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.engine.EnvironmentException;

/**
 * The Debian mirror that this machine already uses, read from its own APT sources (deb822 and
 * one-line style, see sources.list(5)), so that the workbook names no host.
 *
 * @param mirror the archive's address
 * @param security the security archive's address, where the host has one
 */
record AptSources(String mirror, Optional<String> security) {

  static final String MIRROR_VARIABLE = "THREE_IMAGE_DIET_DEBIAN_MIRROR";
  static final String SECURITY_VARIABLE = "THREE_IMAGE_DIET_DEBIAN_SECURITY_MIRROR";

  private record Source(String uri, String suite) {}

  /**
   * Reads this machine's sources.
   *
   * @throws EnvironmentException when there is no Debian mirror among them
   */
  static AptSources ofThisMachine() {
    Optional<String> security = setting(SECURITY_VARIABLE);
    AptSources found =
        setting(MIRROR_VARIABLE)
            .map(mirror -> new AptSources(mirror, Optional.empty()))
            .orElseGet(() -> of(Path.of("/etc/apt")));
    return security.isPresent() ? new AptSources(found.mirror(), security) : found;
  }

  private static Optional<String> setting(String variable) {
    return Optional.ofNullable(System.getenv(variable))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  static AptSources of(Path apt) {
    List<Source> sources = new ArrayList<>();
    try {
      if (Files.isReadable(apt.resolve("sources.list"))) {
        sources.addAll(oneLine(Files.readString(apt.resolve("sources.list"))));
      }
      Path parts = apt.resolve("sources.list.d");
      if (Files.isDirectory(parts)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parts)) {
          for (Path file : files) {
            if (file.toString().endsWith(".sources")) {
              sources.addAll(deb822(Files.readString(file)));
            } else if (file.toString().endsWith(".list")) {
              sources.addAll(oneLine(Files.readString(file)));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "The APT sources in " + apt + " cannot be read: " + e.getMessage() + ".", e);
    }
    List<Source> debian = sources.stream().filter(s -> s.uri().contains("debian")).toList();
    Optional<String> security =
        debian.stream().filter(s -> s.suite().endsWith("-security")).map(Source::uri).findFirst();
    return debian.stream()
        .filter(s -> !s.suite().endsWith("-security"))
        .map(s -> new AptSources(s.uri(), security))
        .findFirst()
        .orElseThrow(
            () ->
                new EnvironmentException(
                    "No Debian mirror is known to assemble stand-ins from; set %s to one, or load"
                            .formatted(MIRROR_VARIABLE)
                        + " the images from a file with `./lab bases load FILE`."));
  }

  private static List<Source> oneLine(String text) {
    List<Source> sources = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.strip().replaceAll("\\[[^]]*]", " ").split("\\s+");
      if (words.length >= 3 && words[0].equals("deb")) {
        sources.add(new Source(words[1], words[2]));
      }
    }
    return sources;
  }

  private static List<Source> deb822(String text) {
    List<Source> sources = new ArrayList<>();
    for (String stanza : text.split("\n\\s*\n")) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (String line : stanza.lines().toList()) {
        int colon = line.indexOf(':');
        if (colon > 0 && !line.startsWith("#") && !Character.isWhitespace(line.charAt(0))) {
          fields.put(line.substring(0, colon).toLowerCase(), line.substring(colon + 1).strip());
        }
      }
      boolean binary = fields.getOrDefault("types", "").matches("(.*\\s)?deb(\\s.*)?");
      if (!binary || fields.getOrDefault("enabled", "yes").equals("no")) {
        continue;
      }
      for (String uri : fields.getOrDefault("uris", "").split("\\s+")) {
        for (String suite : fields.getOrDefault("suites", "").split("\\s+")) {
          if (!uri.isEmpty() && !suite.isEmpty()) {
            sources.add(new Source(uri, suite));
          }
        }
      }
    }
    return sources;
  }

  /** Returns the lines of a sources.list for a release, updates and security included. */
  List<String> lines(String release) {
    List<String> lines = new ArrayList<>();
    lines.add("deb " + mirror + " " + release + " main");
    lines.add("deb " + mirror + " " + release + "-updates main");
    security.ifPresent(uri -> lines.add("deb " + uri + " " + release + "-security main"));
    return lines;
  }
}
