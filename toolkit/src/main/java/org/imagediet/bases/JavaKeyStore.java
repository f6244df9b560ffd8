package org.imagediet.bases;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.HexFormat;

/**
 * Writes a Java key store (JKS) of trusted roots with zero dates. The JDK's own writer stamps each
 * entry with the present time, and then no two are alike.
 */
final class JavaKeyStore {

  private static final int MAGIC = 0xfeedfeed;
  private static final int VERSION = 2;
  private static final int TRUSTED_CERTIFICATE = 2;
  private static final String PASSWORD = "changeit";

  private JavaKeyStore() {}

  static byte[] of(byte[] pemBundle) {
    try {
      Collection<? extends Certificate> roots =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pemBundle));
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(PASSWORD.getBytes(StandardCharsets.UTF_16BE));
      digest.update("Mighty Aphrodite".getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeInt(roots.size());
      for (Certificate root : roots) {
        byte[] encoded = root.getEncoded();
        byte[] fingerprint = MessageDigest.getInstance("SHA-256").digest(encoded);
        out.writeInt(TRUSTED_CERTIFICATE);
        out.writeUTF(HexFormat.of().formatHex(fingerprint, 0, 16));
        out.writeLong(0);
        out.writeUTF("X.509");
        out.writeInt(encoded.length);
        out.write(encoded);
      }
      digest.update(bytes.toByteArray());
      bytes.writeBytes(digest.digest());
      return bytes.toByteArray();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a Java key store could not be written", e);
    }
  }
}
