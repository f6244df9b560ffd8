package org.imagediet.scan;

/**
 * Something to know about the worth of a result.
 *
 * @param text a sentence for a person
 */
public record Note(Kind kind, String text) {

  /** What a note is about. */
  public enum Kind {
    /** Files of a distribution, or a layer's package database, but no record of any package. */
    PACKAGE_DATABASE_GONE(true),
    /** The package manager's own files know packages that its database does not list. */
    PACKAGE_RECORDS_MISSING(true),
    /** The database knows nothing of the image's distribution. */
    DISTRIBUTION_UNKNOWN(true),
    /** There is no database at all. */
    NO_DATABASE(true),
    /** The database is older than its makers mean it to be used. */
    DATABASE_STALE(false),
    /** The database knows only a part of what is known in the world. */
    DATABASE_LIMITED(false),
    /** Packages are outdated, and what their updates fix could not be found out. */
    UPDATES_NOT_READ(false),
    /** No distribution in the image, so that only programs can tell of themselves. */
    NO_DISTRIBUTION(false),
    /** Java archives, of which only those that Maven packed are recognised. */
    JAVA_ARCHIVES(false),
    /** A program that unpacks itself tells nothing of what it is made of. */
    PACKED_PROGRAM(false),
    /** The toolkit added what the scanner does not look at. */
    COMPONENTS_ADDED(false);

    private final boolean blind;

    Kind(boolean blind) {
      this.blind = blind;
    }

    /** Returns whether "nothing found" says nothing about the image. */
    public boolean blind() {
      return blind;
    }
  }
}
