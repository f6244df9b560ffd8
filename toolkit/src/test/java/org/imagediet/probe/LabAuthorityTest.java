package org.imagediet.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LabAuthorityTest {

  private static final String HOST = "host-1.lab.test";
  private final LabAuthority authority = LabAuthority.create();

  @Test
  @DisplayName("signs server certificates that verify against its root and no other")
  void verifies() throws Exception {
    X509Certificate server = certificate(authority.serverKeys(HOST, false, "lab"));
    assertThatCode(() -> validate(server, authority)).doesNotThrowAnyException();
    assertThatThrownBy(() -> validate(server, LabAuthority.create()))
        .isInstanceOf(java.security.cert.CertPathValidatorException.class);
    assertThat(server.getSubjectAlternativeNames()).containsExactly(List.of(2, HOST));
  }

  @Test
  @DisplayName("makes an expired certificate whose only fault is its time")
  void expired() throws Exception {
    X509Certificate server = certificate(authority.serverKeys(HOST, true, "lab"));
    assertThatThrownBy(server::checkValidity).isInstanceOf(CertificateExpiredException.class);
    server.verify(authority.certificate().getPublicKey());
  }

  private static X509Certificate certificate(byte[] keyStore) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(keyStore), "lab".toCharArray());
    return (X509Certificate) store.getCertificate("server");
  }

  private static void validate(X509Certificate server, LabAuthority root) throws Exception {
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(root.certificate(), null)));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(server)), parameters);
  }
}
