package org.imagediet.scan;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A package URL, such as {@code pkg:deb/debian/bash@5.2?arch=amd64}, see <a
 * href="https://github.com/package-url/purl-spec">github.com/package-url/purl-spec</a>.
 *
 * @param namespace empty when it is left out
 * @param version empty when it is left out
 */
record PackageUrl(
    String type, String namespace, String name, String version, Map<String, String> qualifiers) {

  private static final String SCHEME = "pkg:";

  /** Takes a package URL apart; nothing when it is none. */
  static Optional<PackageUrl> parse(String text) {
    if (!text.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String rest = text.substring(SCHEME.length()).replaceFirst("^/+", "").replaceFirst("#.*$", "");
    Map<String, String> qualifiers = new TreeMap<>();
    int question = rest.indexOf('?');
    if (question >= 0) {
      for (String pair : rest.substring(question + 1).split("&")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          qualifiers.put(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
        }
      }
      rest = rest.substring(0, question);
    }
    int at = rest.lastIndexOf('@');
    // An at sign before the last slash is a part of the namespace, as npm has them.
    boolean versioned = at > rest.lastIndexOf('/');
    String path = versioned ? rest.substring(0, at) : rest;
    int first = path.indexOf('/');
    int last = path.lastIndexOf('/');
    if (first <= 0 || last == path.length() - 1) {
      return Optional.empty();
    }
    return Optional.of(
        new PackageUrl(
            path.substring(0, first).toLowerCase(Locale.ROOT),
            first == last ? "" : decoded(path.substring(first + 1, last)),
            decoded(path.substring(last + 1)),
            versioned ? decoded(rest.substring(at + 1)) : "",
            qualifiers));
  }

  private static String decoded(String text) {
    try {
      // A plus is a plus in a path; URLDecoder takes it for a space.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** Returns whether both name the same package, whatever the version. */
  boolean samePackage(PackageUrl other) {
    return type.equals(other.type) && namespace.equals(other.namespace) && name.equals(other.name);
  }
}
