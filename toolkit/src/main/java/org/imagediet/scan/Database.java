package org.imagediet.scan;

import java.time.Instant;
import java.util.Optional;

/**
 * What a scanner compared an image with.
 *
 * @param date when it was made; empty when nobody says
 * @param about one line for a person: what it is and what it knows
 */
public record Database(Origin origin, Optional<Instant> date, String about) {

  /** Where a database comes from. */
  public enum Origin {
    /** From the scanner's own source. */
    SCANNER,
    /** From a file that {@code ./lab bases save} made. */
    FILE,
    /** Made here from Debian's archive: fixable vulnerabilities only, and no severities. */
    DEBIAN,
    /** There is none. */
    NONE
  }
}
