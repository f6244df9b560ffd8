package org.imagediet.engine;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names for images that live no longer than the process that builds them, and that tell which that
 * is: {@code three-image-diet/graded:WHAT-HOST-PROCESS-START-RANDOM}.
 */
final class TemporaryName {

  static final String REPOSITORY = "three-image-diet/graded";

  private static final Pattern PATTERN =
      Pattern.compile(
          Pattern.quote(REPOSITORY) + ":.*-([0-9a-f]{8})-(\\d{1,18})-(\\d{1,18})-[0-9a-f]{16}");

  private TemporaryName() {}

  static String create(String what) {
    Owner self = Owner.self();
    return "%s:%s-%s-%d-%d-%s"
        .formatted(
            REPOSITORY,
            what,
            shortened(self.host()),
            self.process(),
            self.startedAtMillis(),
            HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
  }

  /** Returns whose it is, as far as that can be a process of this machine. */
  static Optional<Owner> owner(String name) {
    Matcher matcher = PATTERN.matcher(name);
    String here = Owner.self().host();
    return matcher.matches() && matcher.group(1).equals(shortened(here))
        ? Optional.of(
            new Owner(here, Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))))
        : Optional.empty();
  }

  /** A host's name may hold what a tag must not. */
  private static String shortened(String host) {
    return HexFormat.of().toHexDigits(host.hashCode());
  }
}
