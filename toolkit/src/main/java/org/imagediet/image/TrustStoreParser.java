package org.imagediet.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Recognises trust stores by their content. */
public final class TrustStoreParser {

  private static final byte[] PEM =
      "-----BEGIN CERTIFICATE-----".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PEM_END =
      "-----END CERTIFICATE-----".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] PKCS12_VERSION = {2, 1, 3};
  private static final byte[] PKCS7_DATA = {
    6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 7, 1
  };

  /** Fewer certificates at an unusual place are someone's test data. */
  private static final int FEWEST_ROOTS = 10;

  private static final int MOST_CERTIFICATES = 5000;

  /** Where programs look for a bundle; a file there counts even when it is broken or empty. */
  private static final Set<String> STANDARD_PATHS =
      Set.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/ssl/ca-bundle.pem",
          "/etc/ssl/cert.pem",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/pki/tls/cacert.pem",
          "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "/etc/ssl/certs/java/cacerts");

  private TrustStoreParser() {}

  /** Returns whether a file should be kept for {@link #parse}; looks at its beginning only. */
  public static boolean candidate(String path, byte[] start) {
    return STANDARD_PATHS.contains(path)
        || path.endsWith("/cacerts")
        || jks(start)
        || pkcs12(start)
        || indexOf(start, PEM, 0) >= 0;
  }

  private static boolean jks(byte[] start) {
    return start.length >= 4
        && (start[0] & 0xff) == 0xfe
        && (start[1] & 0xff) == 0xed
        && (start[2] & 0xff) == 0xfe
        && (start[3] & 0xff) == 0xed;
  }

  /** A sequence of version 3 and of data (RFC 7292), as Java's newer key stores begin. */
  private static boolean pkcs12(byte[] start) {
    byte[] beginning = Arrays.copyOf(start, Math.min(start.length, 64));
    return beginning.length > 4
        && beginning[0] == 0x30
        && beginning[1] < 0
        && indexOf(beginning, PKCS12_VERSION, 0) >= 0
        && indexOf(beginning, PKCS7_DATA, 0) >= 0;
  }

  /** Returns the store in a file, or nothing when it is none: a single certificate is not one. */
  static Optional<TrustStore> parse(String path, byte[] content) {
    TrustStore.Format format =
        jks(content)
            ? TrustStore.Format.JKS
            : pkcs12(content) ? TrustStore.Format.PKCS12 : TrustStore.Format.PEM;
    List<Certificate> roots =
        format == TrustStore.Format.PEM ? pem(content) : keyStore(content, format);
    boolean bundle = format != TrustStore.Format.PEM || roots.size() >= FEWEST_ROOTS;
    if (!bundle && !STANDARD_PATHS.contains(path)) {
      return Optional.empty();
    }
    int expired = 0;
    Set<String> fingerprints = new TreeSet<>();
    for (Certificate root : roots) {
      try {
        fingerprints.add(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(root.getEncoded())));
        ((X509Certificate) root).checkValidity();
      } catch (CertificateException e) {
        expired++;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
    return Optional.of(new TrustStore(path, format, roots.size(), expired, fingerprints, content));
  }

  /**
   * Reads one by one, since a reader that stops at the first broken one would see none behind it.
   */
  private static List<Certificate> pem(byte[] content) {
    List<Certificate> roots = new ArrayList<>();
    int at = indexOf(content, PEM, 0);
    while (at >= 0 && roots.size() < MOST_CERTIFICATES) {
      int end = indexOf(content, PEM_END, at);
      if (end < 0) {
        break;
      }
      String body =
          new String(content, at + PEM.length, end - at - PEM.length, StandardCharsets.US_ASCII);
      try {
        byte[] der = Base64.getMimeDecoder().decode(body);
        roots.add(
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der)));
      } catch (CertificateException | IllegalArgumentException e) {
        // Not a certificate, whatever its frame says.
      }
      at = indexOf(content, PEM, end);
    }
    return roots;
  }

  private static List<Certificate> keyStore(byte[] content, TrustStore.Format format) {
    List<Certificate> roots = new ArrayList<>();
    try {
      KeyStore store = KeyStore.getInstance(format == TrustStore.Format.JKS ? "JKS" : "PKCS12");
      store.load(new ByteArrayInputStream(content), null);
      for (var aliases = store.aliases(); aliases.hasMoreElements(); ) {
        Certificate certificate = store.getCertificate(aliases.nextElement());
        if (certificate instanceof X509Certificate && roots.size() < MOST_CERTIFICATES) {
          roots.add(certificate);
        }
      }
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // A damaged store holds no root that anything could use.
    }
    return roots;
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    outer:
    for (int i = from; i <= bytes.length - wanted.length; i++) {
      for (int j = 0; j < wanted.length; j++) {
        if (bytes[i + j] != wanted[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }
}
