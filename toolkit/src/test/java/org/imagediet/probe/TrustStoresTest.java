package org.imagediet.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("changes how every key store of this process is written")
class TrustStoresTest {

  private final LabAuthority present = LabAuthority.create();
  private final LabAuthority added = LabAuthority.create();

  @Test
  @DisplayName("appends a root to a PEM bundle, even to one without a last line break")
  void pem() throws Exception {
    byte[] bundle = TrustStores.plus(new byte[0], present.certificate());
    String cut = new String(bundle, StandardCharsets.US_ASCII).strip();
    byte[] more = TrustStores.plus(cut.getBytes(StandardCharsets.US_ASCII), added.certificate());
    assertThat(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(more)))
        .hasSize(2)
        .anyMatch(certificate -> certificate.equals(present.certificate()))
        .anyMatch(certificate -> certificate.equals(added.certificate()));
    byte[] other = TrustStores.only(more, added.certificate());
    assertThat(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(other)))
        .singleElement()
        .isEqualTo(added.certificate());
  }

  @ParameterizedTest
  @DisplayName("adds a root to a key store of either kind")
  @ValueSource(strings = {"JKS", "PKCS12"})
  void keyStore(String type) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setCertificateEntry("present", present.certificate());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store(store, bytes);

    byte[] more = TrustStores.plus(bytes.toByteArray(), added.certificate());

    // As a JVM does it: whatever the type, without a password.
    KeyStore read = KeyStore.getInstance(KeyStore.getDefaultType());
    read.load(new ByteArrayInputStream(more), null);
    assertThat(read.getCertificateAlias(present.certificate())).isNotNull();
    assertThat(read.getCertificateAlias(added.certificate())).isNotNull();

    byte[] other = TrustStores.only(bytes.toByteArray(), added.certificate());
    read.load(new ByteArrayInputStream(other), null);
    assertThat(read.getCertificateAlias(added.certificate())).isNotNull();
    assertThat(read.size()).isEqualTo(1);
  }

  @Test
  @DisplayName("refuses a damaged key store")
  void damaged() {
    byte[] damaged = {(byte) 0xfe, (byte) 0xed, (byte) 0xfe, (byte) 0xed, 0, 0, 0, 9};
    assertThatThrownBy(() -> TrustStores.plus(damaged, added.certificate()))
        .isInstanceOf(CertificateException.class);
  }

  /** As a JDK writes its own cacerts: a PKCS #12 without any password since Java 18. */
  private static void store(KeyStore store, ByteArrayOutputStream bytes) throws Exception {
    if (store.getType().equals("JKS")) {
      store.store(bytes, "changeit".toCharArray());
      return;
    }
    List<String> settings =
        List.of("keystore.pkcs12.macAlgorithm", "keystore.pkcs12.certProtectionAlgorithm");
    settings.forEach(setting -> System.setProperty(setting, "NONE"));
    try {
      store.store(bytes, null);
    } finally {
      settings.forEach(System::clearProperty);
    }
  }
}
