package org.imagediet.image;

import java.util.Set;

/**
 * A store of root certificates.
 *
 * @param path where it really is, links followed
 * @param roots how many certificates could be read
 * @param expired how many of them are over
 * @param fingerprints the certificates' SHA-256, in hexadecimal
 * @param content the file, so that a root can be added
 */
public record TrustStore(
    String path, Format format, int roots, int expired, Set<String> fingerprints, byte[] content) {

  /** How certificates are stored. */
  public enum Format {
    PEM,
    JKS,
    PKCS12
  }
}
