package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

  @Test
  @DisplayName("takes a name in either case, with and without its prefix")
  void find() {
    assertThat(Capabilities.find("CAP_NET_RAW")).contains("NET_RAW");
    assertThat(Capabilities.find("net_raw")).contains("NET_RAW");
    assertThat(Capabilities.find("all")).contains("ALL");
    assertThat(Capabilities.find("NET")).isEmpty();
  }

  @Test
  @DisplayName("reads a set as the kernel prints it: Docker's default, by its bits")
  void names() {
    List<String> names = Capabilities.names(new BigInteger("a80425fb", 16));
    assertThat(names).hasSize(14).contains("CHOWN", "SETUID", "NET_RAW", "SETFCAP");
    assertThat(names).allMatch(Capabilities::given);
    assertThat(Capabilities.given("SYS_ADMIN")).isFalse();
    assertThat(Capabilities.names(BigInteger.ONE.shiftLeft(60))).containsExactly("60");
    assertThat(Capabilities.names(BigInteger.ZERO)).isEmpty();
  }

  @Test
  @DisplayName("knows every capability that the engine's client knows, and no other")
  void client() {
    BigInteger all = BigInteger.ONE.shiftLeft(41).subtract(BigInteger.ONE);
    assertThat(Capabilities.names(all))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Capability.values())
                .filter(capability -> capability != Capability.ALL)
                .map(Capability::name)
                .toList());
  }
}
