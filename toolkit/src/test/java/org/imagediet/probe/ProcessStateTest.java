package org.imagediet.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProcessStateTest {

  @Test
  @DisplayName("reads what the kernel writes")
  void parse() {
    ProcessState state =
        ProcessState.parse(
            1,
            "Name:\tapp\nUid:\t65532\t65532\t65532\t65532\nGid:\t65532\t65532\t65532\t65532\n"
                + "Groups:\t65532 7\nCapInh:\t0000000000000400\nCapEff:\t0000000000000000\nCapBnd:\t00000000a80425fb\n"
                + "NoNewPrivs:\t1\nSeccomp:\t2\n");
    assertThat(state.name()).isEqualTo("app");
    assertThat(state.uids()).containsOnly(65532).hasSize(4);
    assertThat(state.groups()).containsExactly(65532, 7);
    assertThat(state.capabilities()).hasSize(5).containsEntry("CapEff", BigInteger.ZERO);
    assertThat(state.capabilities()).containsEntry("CapInh", BigInteger.valueOf(0x400));
    assertThat(state.bounding()).isEqualTo(new BigInteger("a80425fb", 16));
    assertThat(state.noNewPrivileges()).isTrue();
    assertThat(state.seccomp()).isEqualTo(2);
    assertThat(state.root()).isFalse();
  }

  @Test
  @DisplayName("takes the first of two fields of one name, and one saved root id for root")
  void lies() {
    ProcessState state =
        ProcessState.parse(7, "Uid:\t65532\t65532\t0\t65532\nName:\tx\nUid:\t1\t1\t1\t1\n");
    assertThat(state.uids()).containsExactly(65532, 65532, 0, 65532);
    assertThat(state.root()).isTrue();
  }
}
