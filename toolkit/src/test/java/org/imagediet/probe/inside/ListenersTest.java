package org.imagediet.probe.inside;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ListenersTest {

  @Test
  @DisplayName("tells port and owner of who listens, and leaves connections out")
  void parse() {
    String ipv4 =
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65532        0 1 1 0 100
           1: 0100007F:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000 64123        0 2 1 0 100
           2: 0100007F:1F90 0100007F:E2A4 01 00000000:00000000 00:00000000 00000000 65532        0 3 1 0 20
        """;
    String ipv6 =
        """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4 1 0 100
        """;
    assertThat(Listeners.parse(ipv4)).containsExactly("8080 65532", "443 64123");
    assertThat(Listeners.parse(ipv6)).containsExactly("22 0");
    assertThat(Listeners.parse("")).isEmpty();
  }
}
