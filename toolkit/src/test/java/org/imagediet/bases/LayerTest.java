package org.imagediet.bases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import org.imagediet.image.TrustStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerTest {

  @TempDir Path folder;

  @Test
  @DisplayName("the same files give the same bytes, whatever the order they came in")
  void reproducible() throws IOException {
    Layer one = new Layer().file("/etc/a", "1").link("/etc/b", "a").folder("/tmp", 01777, 0);
    Layer two = new Layer().folder("/tmp", 01777, 0).link("/etc/b", "a").file("/etc/a", "1");
    assertThat(one.write(folder.resolve("one"))).isEqualTo(two.write(folder.resolve("two")));
    assertThat(folder.resolve("one")).hasSameBinaryContentAs(folder.resolve("two"));
  }

  @Test
  @DisplayName("other files give other bytes")
  void different() throws IOException {
    assertThat(new Layer().file("/a", "1").write(folder.resolve("one")))
        .isNotEqualTo(new Layer().file("/a", "2").write(folder.resolve("two")));
  }

  @Test
  @DisplayName("an empty bundle makes a key store without roots, which a JVM can load")
  void keyStore() throws Exception {
    byte[] store = JavaKeyStore.of(new byte[0]);
    assertThat(JavaKeyStore.of(new byte[0])).isEqualTo(store);
    KeyStore read = KeyStore.getInstance(TrustStore.Format.JKS.name());
    read.load(new ByteArrayInputStream(store), "changeit".toCharArray());
    assertThat(read.size()).isZero();
  }
}
