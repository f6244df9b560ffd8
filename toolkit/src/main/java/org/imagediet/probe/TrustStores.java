package org.imagediet.probe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Changes whom a trust store trusts, in the format that it has. */
public final class TrustStores {

  private static final int JKS_MAGIC = 0xfeedfeed;

  private TrustStores() {}

  /**
   * Returns the trust store with one more root.
   *
   * @param store a PEM bundle, a JKS or a PKCS #12 key store
   * @throws CertificateException when a key store cannot be read
   */
  public static byte[] plus(byte[] store, X509Certificate root) throws CertificateException {
    return keyStore(store) ? plusKeyStore(store, root) : plusPem(store, root);
  }

  /**
   * Returns a trust store with one root and no other.
   *
   * @param store a PEM bundle or a key store, whose format is kept
   */
  public static byte[] only(byte[] store, X509Certificate root) {
    try {
      return keyStore(store) ? written(emptyKeyStore(), root) : plusPem(new byte[0], root);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java writes key stores", e);
    }
  }

  private static boolean keyStore(byte[] store) {
    // A PKCS #12 file is one ASN.1 sequence of more than 127 bytes.
    return store.length > 4
        && (((store[0] & 0xff) << 24
                    | (store[1] & 0xff) << 16
                    | (store[2] & 0xff) << 8
                    | store[3] & 0xff)
                == JKS_MAGIC
            || store[0] == 0x30 && (store[1] & 0x80) != 0);
  }

  private static byte[] plusPem(byte[] store, X509Certificate root) throws CertificateException {
    ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    bundle.writeBytes(store);
    String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(root.getEncoded());
    bundle.writeBytes(
        ("\n-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n")
            .getBytes(StandardCharsets.US_ASCII));
    return bundle.toByteArray();
  }

  private static byte[] plusKeyStore(byte[] store, X509Certificate root)
      throws CertificateException {
    try {
      KeyStore roots = KeyStore.getInstance(store[0] == 0x30 ? "PKCS12" : "JKS");
      // No password: the certificates of a trust store are no secret, only its checksum needs one.
      roots.load(new ByteArrayInputStream(store), null);
      KeyStore more = emptyKeyStore();
      for (var aliases = roots.aliases(); aliases.hasMoreElements(); ) {
        String alias = aliases.nextElement();
        if (roots.getCertificate(alias) != null) {
          more.setCertificateEntry(alias, roots.getCertificate(alias));
        }
      }
      return written(more, root);
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException | IOException e) {
      throw new CertificateException("the key store cannot be read: " + e.getMessage(), e);
    }
  }

  private static KeyStore emptyKeyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    return store;
  }

  private static byte[] written(KeyStore store, X509Certificate root)
      throws GeneralSecurityException, IOException {
    store.setCertificateEntry(root.getSerialNumber().toString(16), root);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, "changeit".toCharArray());
    return bytes.toByteArray();
  }
}
