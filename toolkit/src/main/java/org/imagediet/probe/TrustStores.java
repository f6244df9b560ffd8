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

/** Adds one root certificate to a trust store and leaves everything else in it as it was. */
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
      KeyStore more = KeyStore.getInstance("JKS");
      more.load(null, null);
      for (var aliases = roots.aliases(); aliases.hasMoreElements(); ) {
        String alias = aliases.nextElement();
        if (roots.getCertificate(alias) != null) {
          more.setCertificateEntry(alias, roots.getCertificate(alias));
        }
      }
      more.setCertificateEntry("three-image-diet-lab-ca", root);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      more.store(bytes, "changeit".toCharArray());
      return bytes.toByteArray();
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException | IOException e) {
      throw new CertificateException("the key store cannot be read: " + e.getMessage(), e);
    }
  }
}
